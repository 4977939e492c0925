import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Caller } from '../../../shared/contract/reviewers.ts'
import { HeatproofError } from '../../../shared/errors.ts'
import { SECURITY_HEADERS } from './headers.ts'
import { isOwnHost } from './host-header.ts'
import { isOwnOrigin } from './origin.ts'
import { requireStanding } from './access.ts'
import type { FindCaller } from './callers.ts'
import { readToken } from './token.ts'

/** Puts every request, WebSockets included, through all checks before anything else looks at it. */
export function guard(app: FastifyInstance, callerWith: FindCaller, port: () => number): void {
  app.decorateRequest('caller')
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS)
    requireOwnHost(request, port())
    requireOwnOrigin(request)
    if (isPublic(request)) return
    request.caller = requireCaller(callerWith, readToken(request.headers, port()))
    requireStanding(request)
  })
}

/** `/open` brings the token in its address and checks it itself; `/health` says nothing that is anybody's. */
const PUBLIC: readonly (string | undefined)[] = ['/open', '/health']

function isPublic(request: FastifyRequest): boolean {
  return request.method === 'GET' && PUBLIC.includes(request.routeOptions.url)
}

function requireOwnHost(request: FastifyRequest, port: number): void {
  if (isOwnHost(request.headers.host, port)) return
  throw new HeatproofError('forbidden', {
    found: 'a request to another host name',
    expected: `127.0.0.1:${port} or localhost:${port}`,
    advice:
      'Open the address that `heatproof serve` printed; when forwarding the port, use the same number on both sides.',
  })
}

function requireOwnOrigin(request: FastifyRequest): void {
  if (isOwnOrigin(request.headers.origin, request.headers.host ?? '')) return
  throw new HeatproofError('forbidden', {
    found: 'a request from a page of another site',
    expected: 'a page of this server',
    advice: 'Open the address that `heatproof serve` printed.',
  })
}

/** Refuses a request, or an opening address, without a token that is somebody's. @throws HeatproofError `forbidden` */
export function requireCaller(callerWith: FindCaller, token: string | undefined): Caller {
  const caller = callerWith(token)
  if (caller !== undefined) return caller
  throw new HeatproofError('forbidden', {
    found: 'no token, that of an earlier start, or one that was taken back',
    expected: 'the token of this start, or that of a reviewer',
    advice:
      'Open the whole address that `heatproof serve` printed, token included; as a reviewer, ask a lead for a new link.',
  })
}
