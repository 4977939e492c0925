import type { FastifyInstance } from 'fastify'
import type { Door } from './security/door.ts'
import { safeNextPath } from './security/next-path.ts'
import type { Scheme } from './security/origin.ts'
import { tokenCookie } from './security/token.ts'

/**
 * `GET /open?token=…&next=/path`: turns the token of the printed address, or of a reviewer's link, into a cookie and goes on without it. It goes on
 * by a page of ours and not by a redirect: a browser that came here from a link elsewhere would keep a SameSite=Strict
 * cookie to itself all along the redirects.
 */
export function addOpening(
  app: FastifyInstance,
  door: Door,
  port: () => number,
  scheme: Scheme = 'http',
): void {
  app.get<{ Querystring: { token?: unknown; next?: unknown } }>('/open', async (request, reply) => {
    const { token: given, next } = request.query
    const token = typeof given === 'string' ? given : ''
    await door(token, request.ip)
    const path = safeNextPath(typeof next === 'string' ? next : undefined)
    return reply
      .headers({
        'set-cookie': tokenCookie(token, port(), scheme),
        'cache-control': 'no-store',
        refresh: `0;url=${path}`,
      })
      .type('text/html; charset=utf-8')
      .send('<!doctype html><title>Heatproof</title>')
  })
}
