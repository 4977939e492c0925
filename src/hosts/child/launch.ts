import { spawn } from 'node:child_process'
import type { LogLevel } from '../log/levels.ts'
import type { EngineEnd } from './engine-end.ts'
import { SILENCE_LIMITS, watchSilence, type SilenceLimits } from './heartbeat.ts'
import { LastLines } from './last-lines.ts'
import { FromEngine, type ToEngine } from './messages.ts'

/** What to do when the workspace's file is not there: refuse, make an empty one, or one with the sample. */
export type WhenMissing = Extract<ToEngine, { type: 'open' }>['whenMissing']

/** How long an engine may take to end in order, in milliseconds; it gives itself 10 s. */
const STOP_MS = 15_000

export interface LaunchOptions {
  /** The Node 24 that runs the engine. */
  node: string
  /** Path of child.ts. */
  script: string
  workspace: string
  whenMissing: WhenMissing
  /** The address of the engine that this one takes the place of. */
  at?: string | undefined
  /** Where it logs; absent: nowhere. */
  log?: { folder: string; level: LogLevel }
  /** How long it may be silent before it counts as hung; tests are more impatient. */
  silence?: SilenceLimits
  /** How long it may take to end, in milliseconds. */
  stopWithin?: number
}

export interface EngineListeners {
  onReady: (place: { origin: string; address: string }) => void
  /** It could not open the workspace, and says why. */
  onFailed: (error: Extract<FromEngine, { type: 'failed' }>['error']) => void
  /** The process is gone: expected after `close`. */
  onExit: (end: EngineEnd) => void
}

export interface LaunchedEngine {
  /** Undefined where it could not be started. */
  pid: number | undefined
  allowFolder: (folder: string) => void
  /** Asks it to end, and kills it where it does not; `onExit` follows. */
  close: () => void
}

/**
 * Starts the engine as a process of its own, and kills it when it has been silent for too long. Nothing secret is in its
 * arguments.
 */
export function launchEngine(options: LaunchOptions, listeners: EngineListeners): LaunchedEngine {
  const {
    node,
    script,
    workspace,
    whenMissing,
    at,
    log = null,
    silence = SILENCE_LIMITS,
    stopWithin = STOP_MS,
  } = options
  const child = spawn(node, [script], { stdio: ['ignore', 'inherit', 'pipe', 'ipc'], serialization: 'json' })
  const output = new LastLines()
  let endedFor: EngineEnd['endedFor'] = null
  let ended = false
  let stopping: NodeJS.Timeout | undefined
  const kill = (reason: NonNullable<EngineEnd['endedFor']>): void => {
    endedFor = reason
    child.kill('SIGKILL')
  }
  const watch = watchSilence(silence, () => kill('silence'))
  const end = (code: number | null, signal: string | null): void => {
    if (ended) return
    ended = true
    watch.stop()
    clearTimeout(stopping)
    listeners.onExit({ code, signal, output: output.toString(), endedFor })
  }
  const send = (message: ToEngine): void => {
    if (child.connected) child.send(message, () => undefined)
  }
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    process.stderr.write(text)
    output.add(text)
  })
  child.on('message', (value) => {
    const { data: message } = FromEngine.safeParse(value)
    watch.heard()
    if (message?.type === 'ready') {
      watch.ready()
      listeners.onReady(message)
    } else if (message?.type === 'failed') listeners.onFailed(message.error)
  })
  child.on('error', (error) => {
    output.add(`${error.message}\n`)
    end(null, null)
  })
  child.on('close', end)
  send({ type: 'open', workspace, whenMissing, at: at === undefined ? null : placeOf(at), log })
  return {
    pid: child.pid,
    allowFolder: (folder) => send({ type: 'allowFolder', folder }),
    close: () => {
      send({ type: 'close' })
      stopping ??= setTimeout(() => kill('slow_stop'), stopWithin)
    },
  }
}

function placeOf(address: string): { port: number; token: string } {
  const { port, searchParams } = new URL(address)
  return { port: Number(port), token: searchParams.get('token') ?? '' }
}
