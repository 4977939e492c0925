import type { WebSocket } from '@fastify/websocket'
import type { FastifyInstance } from 'fastify'
import type { Engine } from '../../engine/api/engine.ts'

const HEARTBEAT_MS = 20_000
/** A client that reads so slowly that this many bytes wait is cut off; it connects again and asks for what is new. */
const MOST_WAITING = 4 * 1024 * 1024

/** `GET /events`: a WebSocket that gets every engine event as JSON. What clients send is ignored. */
export function addEventStream(app: FastifyInstance, engine: Engine): void {
  app.get('/events', { websocket: true }, (socket) => {
    const unsubscribe = engine.subscribe((event) => {
      if (socket.bufferedAmount > MOST_WAITING) socket.terminate()
      else socket.send(JSON.stringify(event))
    })
    const stopHeartbeat = startHeartbeat(socket)
    socket.on('close', () => {
      unsubscribe()
      stopHeartbeat()
    })
    socket.on('error', () => socket.terminate())
  })
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
