import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HeatproofError } from '../../../shared/errors.ts'
import { SECURITY_HEADERS } from './headers.ts'
import { isOwnHost } from './host-header.ts'
import { isOwnOrigin, type Scheme } from './origin.ts'
import { requireStanding } from './access.ts'
import type { Door } from './door.ts'
import { readToken } from './token.ts'

/** Puts every request, WebSockets included, through all checks before anything else looks at it. */
export function guard(app: FastifyInstance, door: Door, port: () => number, scheme: Scheme = 'http'): void {
  app.decorateRequest('caller')
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS)
    requireOwnHost(request, port())
    requireOwnOrigin(request, scheme)
    if (isPublic(request)) return
    request.caller = await door(readToken(request.headers, port()), request.ip)
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

function requireOwnOrigin(request: FastifyRequest, scheme: Scheme): void {
  if (isOwnOrigin(request.headers.origin, request.headers.host ?? '', scheme)) return
  throw new HeatproofError('forbidden', {
    found: 'a request from a page of another site',
    expected: 'a page of this server',
    advice: 'Open the address that `heatproof serve` printed.',
  })
}
