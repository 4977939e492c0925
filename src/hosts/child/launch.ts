import { spawn } from 'node:child_process'
import { FromEngine, type ToEngine } from './messages.ts'

/** What to do when the workspace's file is not there: refuse, make an empty one, or one with the sample. */
export type WhenMissing = Extract<ToEngine, { type: 'open' }>['whenMissing']

/** Lines of the engine's error output that are kept to say why it ended. */
const KEPT_LINES = 20

export interface LaunchOptions {
  /** The Node 24 that runs the engine. */
  node: string
  /** Path of child.ts. */
  script: string
  workspace: string
  whenMissing: WhenMissing
  /** The address of the engine that this one takes the place of. */
  at?: string | undefined
}

export interface EngineListeners {
  onReady: (place: { origin: string; address: string }) => void
  /** It could not open the workspace, and says why. */
  onFailed: (error: Extract<FromEngine, { type: 'failed' }>['error']) => void
  /** The process is gone: expected after `close`. */
  onExit: (end: { code: number | null; signal: string | null; output: string }) => void
}

export interface LaunchedEngine {
  allowFolder: (folder: string) => void
  /** Asks it to end; `onExit` follows. */
  close: () => void
}

/** Starts the engine as a process of its own. Nothing secret is in its arguments. */
export function launchEngine(options: LaunchOptions, listeners: EngineListeners): LaunchedEngine {
  const { node, script, workspace, whenMissing, at } = options
  const child = spawn(node, [script], { stdio: ['ignore', 'inherit', 'pipe', 'ipc'], serialization: 'json' })
  const lines: string[] = []
  let ended = false
  const end = (code: number | null, signal: string | null): void => {
    if (ended) return
    ended = true
    listeners.onExit({ code, signal, output: lines.join('\n') })
  }
  const send = (message: ToEngine): void => {
    if (child.connected) child.send(message, () => undefined)
  }
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    process.stderr.write(text)
    lines.push(...text.trimEnd().split('\n'))
    lines.splice(0, lines.length - KEPT_LINES)
  })
  child.on('message', (value) => {
    const { data: message } = FromEngine.safeParse(value)
    if (message?.type === 'ready') listeners.onReady(message)
    else if (message?.type === 'failed') listeners.onFailed(message.error)
  })
  child.on('error', (error) => {
    lines.push(error.message)
    end(null, null)
  })
  child.on('close', end)
  send({ type: 'open', workspace, whenMissing, at: at === undefined ? null : placeOf(at) })
  return {
    allowFolder: (folder) => send({ type: 'allowFolder', folder }),
    close: () => send({ type: 'close' }),
  }
}

function placeOf(address: string): { port: number; token: string } {
  const { port, searchParams } = new URL(address)
  return { port: Number(port), token: searchParams.get('token') ?? '' }
}
