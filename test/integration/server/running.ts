import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach } from 'vitest'

const COMMAND = fileURLToPath(new URL('../../../src/hosts/heatproof.mjs', import.meta.url))

/** Where logs go, instead of into the home of whoever runs the tests. */
const STATE = join(tmpdir(), 'heatproof-test-state')

export interface Running {
  process: ChildProcess
  /** Waits for the next line on stdout; undefined at its end. */
  nextLine: () => Promise<string | undefined>
  /** Waits for the end. */
  ended: () => Promise<{ code: number | null; signal: string | null; error: string }>
}

const started: ChildProcess[] = []

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

/** Starts `heatproof …` as a user does; whatever still runs after the test is ended. */
export function heatproof(...args: string[]): Running {
  return running(COMMAND, ...args)
}

/** The same by the command of another place. */
export function running(command: string, ...args: string[]): Running {
  const child = spawn(process.execPath, [command, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, XDG_STATE_HOME: STATE },
  })
  started.push(child)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  let error = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (error += text))
  const closed = once(child, 'close') as Promise<[number | null, string | null]>
  return {
    process: child,
    nextLine: async () => {
      const { value, done } = await lines.next()
      return done === true ? undefined : value
    },
    ended: async () => {
      const [code, signal] = await closed
      return { code, signal, error }
    },
  }
}
