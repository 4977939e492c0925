import type { FastifyInstance } from 'fastify'
import type { Log } from '../log/log.ts'

/**
 * Writes every answer down: by its route, never by its address, since addresses hold tokens, searches and names. What the server
 * refuses or fails at is told apart by its level.
 */
export function logRequests(app: FastifyInstance, log: Log): void {
  app.addHook('onResponse', (request, { statusCode: status, elapsedTime }, done) => {
    const { method, routeOptions } = request
    const facts = { method, route: routeOptions.url ?? 'none', status, milliseconds: Math.round(elapsedTime) }
    if (status >= 500) log.error(facts, 'request failed')
    else if (status >= 400) log.warn(facts, 'request refused')
    else log.debug(facts, 'request answered')
    done()
  })
}
