import fastifyWebsocket from '@fastify/websocket'
import fastify, {
  type FastifyHttpsOptions,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import type { ServerOptions as ServerTiming } from 'node:http'
import type { Server as SecureServer } from 'node:https'
import { fileURLToPath } from 'node:url'
import type { Engine } from '../../engine/api/engine.ts'
import { createToken } from '../../engine/token.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { factsOf, NO_LOG, type Log } from '../log/log.ts'
import { addBulkData } from './bulk.ts'
import { toPublicError } from './errors.ts'
import { addEventStream } from './event-stream.ts'
import { addHealth } from './health.ts'
import { addOpening } from './open.ts'
import { addProcedures } from './procedures.ts'
import { logRequests } from './request-log.ts'
import { addScreens } from './screens.ts'
import { callersOf } from './security/callers.ts'
import { openDoor } from './security/door.ts'
import { guard } from './security/guard.ts'
import { requireLoopback } from './security/loopback.ts'
import type { Scheme } from './security/origin.ts'
import type { Certificate } from './security/tls.ts'
import { readToken } from './security/token.ts'

/** A client that dribbles its request must not hold a connection for ever. */
const PATIENCE_MS = 20_000
const BUILT_SCREENS = fileURLToPath(new URL('../../../out/renderer', import.meta.url))

export interface ServerOptions {
  /** 127.0.0.1 by default; nothing but loopback is accepted. */
  host?: string
  /** 0, the default, takes a free one. */
  port?: number
  /** The owner's; a new random one by default. */
  token?: string
  /** Folder of the built renderer. */
  screens?: string
  /** Validates what handlers answer too. */
  checkOutput?: boolean
  /** How long the headers of a request may take, in milliseconds; the whole of it may take 15 times as long. */
  patience?: number
  /** Told of failures whose cause does not leave the server. */
  onFailure?: (error: unknown) => void
  /** With it the server speaks https. */
  certificate?: Certificate | undefined
  /** Where requests and failures are written down. */
  log?: Log
}

export interface RunningServer {
  port: number
  token: string
  /** `http://127.0.0.1:PORT`, or https */
  origin: string
  /** The address to open, token included. */
  address: string
  close: () => Promise<void>
}

/** Serves an engine to the window or a browser. The engine stays the caller's to close. @throws HeatproofError */
export async function startServer(engine: Engine, options: ServerOptions = {}): Promise<RunningServer> {
  const { host = '127.0.0.1', port = 0, token = createToken() } = options
  requireLoopback(host)
  const app = await createApp(engine, token, options)
  await listen(app, host, port)
  engine.warmUp()
  const bound = portOf(app)
  const origin = `${schemeOf(options)}://${host === '::1' ? '[::1]' : host}:${bound}`
  return { port: bound, token, origin, address: `${origin}/open?token=${token}`, close: () => app.close() }
}

async function createApp(engine: Engine, token: string, options: ServerOptions): Promise<FastifyInstance> {
  const { screens = BUILT_SCREENS, checkOutput = false, patience = PATIENCE_MS, log = NO_LOG } = options
  const onFailure = (error: unknown): void => {
    log.error(factsOf(error), 'failure')
    ;(options.onFailure ?? console.error)(error)
  }
  const scheme = schemeOf(options)
  const timing = { headersTimeout: patience, connectionsCheckingInterval: patience / 10 }
  const app = newApp(options.certificate, timing, {
    logger: false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 40 },
    requestTimeout: 15 * patience,
  })
  app.removeContentTypeParser('text/plain')
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply, onFailure))
  const port = () => portOf(app)
  const callerWith = callersOf(engine, token)
  const door = openDoor(callerWith)
  guard(app, door, port, scheme)
  logRequests(app, log)
  await app.register(fastifyWebsocket, { options: { maxPayload: 1024, perMessageDeflate: false } })
  addOpening(app, door, port, scheme)
  addHealth(app, engine, onFailure)
  addProcedures(app, engine, checkOutput)
  addBulkData(app, engine)
  await app.register((scope) =>
    addEventStream(scope, engine, ({ headers }) => callerWith(readToken(headers, port()))),
  )
  await app.register((scope) => addScreens(scope, screens))
  return app
}

function schemeOf({ certificate }: ServerOptions): Scheme {
  return certificate === undefined ? 'http' : 'https'
}

/** An app of either scheme: it differs only in what the listening socket does. */
function newApp(
  certificate: Certificate | undefined,
  timing: ServerTiming,
  options: Omit<FastifyHttpsOptions<SecureServer>, 'https'>,
): FastifyInstance {
  if (certificate === undefined) return fastify({ ...options, http: timing })
  const secure: FastifyHttpsOptions<SecureServer> = { ...options, https: { ...certificate, ...timing } }
  return fastify(secure)
}

/** Programs get the error as JSON; somebody who opened an address gets its message to read. */
function answerError(
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  onFailure: (error: unknown) => void,
): FastifyReply {
  const { status, error } = toPublicError(thrown)
  if (error.code === 'internal') onFailure(thrown)
  if (request.headers.upgrade !== undefined) reply.raw.once('finish', () => request.raw.socket.destroySoon())
  reply.code(status).header('cache-control', 'no-store').removeHeader('vary')
  const read = request.headers.accept?.includes('text/html') === true
  return read ? reply.type('text/plain; charset=utf-8').send(error.message) : reply.send({ ok: false, error })
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<void> {
  try {
    await app.listen({ host, port })
  } catch (cause) {
    await app.close()
    throw cannotListen(cause, port)
  }
}

function cannotListen(cause: unknown, port: number): unknown {
  const code = cause instanceof Error && 'code' in cause ? cause.code : ''
  if (code !== 'EADDRINUSE' && code !== 'EACCES') return cause
  const found = code === 'EACCES' ? `no right to use port ${port}` : `port ${port} in use by another program`
  return new HeatproofError('port_in_use', {
    found,
    expected: 'a free port',
    advice: 'Choose another with --port, or leave --port out to get a free one.',
    cause,
  })
}

function portOf(app: FastifyInstance): number {
  const address = app.server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
