import type { FastifyInstance } from 'fastify'
import { wrongToken } from './security/guard.ts'
import { safeNextPath } from './security/next-path.ts'
import { tokenCookie, tokenMatches } from './security/token.ts'

/** `GET /open?token=…&next=/path`: turns the token of the printed address into a cookie and goes on without it. */
export function addOpening(app: FastifyInstance, token: string, port: () => number): void {
  app.get<{ Querystring: { token?: unknown; next?: unknown } }>('/open', async (request, reply) => {
    const { token: given, next } = request.query
    if (!tokenMatches(typeof given === 'string' ? given : undefined, token)) throw wrongToken()
    return reply
      .headers({ 'set-cookie': tokenCookie(token, port()), 'cache-control': 'no-store' })
      .redirect(safeNextPath(typeof next === 'string' ? next : undefined), 303)
  })
}
