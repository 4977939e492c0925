import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HeatproofError } from '../../../shared/errors.ts'
import { SECURITY_HEADERS } from './headers.ts'
import { isOwnHost } from './host-header.ts'
import { isOwnOrigin } from './origin.ts'
import { readToken, tokenMatches } from './token.ts'

/** Puts every request, WebSockets included, through all checks before anything else looks at it. */
export function guard(app: FastifyInstance, token: string, port: () => number): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS)
    requireOwnHost(request, port())
    requireOwnOrigin(request)
    if (!isOpening(request)) requireToken(request, token, port())
  })
}

/** `/open` brings the token in its address and checks it itself. */
function isOpening(request: FastifyRequest): boolean {
  return request.method === 'GET' && request.routeOptions.url === '/open'
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

/** Refuses a request, or an opening address, without the right token. @throws HeatproofError `forbidden` */
export function requireToken(request: FastifyRequest, token: string, port: number): void {
  if (tokenMatches(readToken(request.headers, port), token)) return
  throw wrongToken()
}

export function wrongToken(): HeatproofError {
  return new HeatproofError('forbidden', {
    found: 'no token, or that of an earlier start',
    expected: 'the token of this start',
    advice: 'Open the whole address that `heatproof serve` printed, token included.',
  })
}
