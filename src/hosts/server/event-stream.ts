import type { WebSocket } from '@fastify/websocket'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Engine } from '../../engine/api/engine.ts'
import type { EngineEvent } from '../../shared/contract/contract.ts'
import { TAKEN_BACK } from '../../shared/contract/reviewers.ts'
import type { Caller } from '../../shared/contract/reviewers.ts'
import { fewerEvents } from './fewer-events.ts'

const HEARTBEAT_MS = 20_000
/** A client that reads so slowly that this many bytes wait is cut off; it connects again and asks for what is new. */
const MOST_WAITING = 4 * 1024 * 1024

/**
 * `GET /events`: a WebSocket that gets the engine's events as JSON, changes in quick succession together. What clients send is ignored. It ends with the token that
 * opened it: `callerOf` is asked again whenever reviewers change.
 */
export function addEventStream(
  app: FastifyInstance,
  engine: Engine,
  callerOf: (request: FastifyRequest) => Caller | undefined,
): void {
  app.get('/events', { websocket: true, config: { may: 'reviewer' } }, (socket, request) => {
    if (request.caller.name !== null) engine.noteVisit(request.caller.name)
    const events = fewerEvents((event) => {
      if (socket.bufferedAmount > MOST_WAITING) socket.terminate()
      else socket.send(JSON.stringify(event))
    })
    const unsubscribe = engine.subscribe((event) => {
      if (changesReviewers(event) && callerOf(request) === undefined)
        socket.close(TAKEN_BACK, 'token taken back')
      else events.take(event)
    })
    const stopHeartbeat = startHeartbeat(socket)
    socket.on('close', () => {
      unsubscribe()
      events.stop()
      stopHeartbeat()
    })
    socket.on('error', () => socket.terminate())
  })
}

function changesReviewers(event: EngineEvent): boolean {
  return event.type === 'changed' && event.what.includes('reviewers')
}

/** Pings, and cuts off a client that did not answer the ping before. */
function startHeartbeat(socket: WebSocket): () => void {
  let answered = true
  socket.on('pong', () => (answered = true))
  const timer = setInterval(() => {
    if (answered) socket.ping()
    else socket.terminate()
    answered = false
  }, HEARTBEAT_MS)
  return () => clearInterval(timer)
}
