import { spawn, type StdioOptions } from 'node:child_process'
import { ROOT } from './root.ts'

export interface Ended {
  /** null: a signal ended it, or it could not be started. */
  code: number | null
  output: string
}

/** Runs a program in the repository's folder until it ends; `output` holds what went to pipes. */
export function run(
  program: string,
  args: readonly string[],
  { stdio = 'pipe', limit = 0 }: { stdio?: StdioOptions; limit?: number } = {},
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: ROOT, stdio, ...(limit > 0 ? { timeout: limit } : {}) })
    const chunks: string[] = []
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => chunks.push(text))
    }
    const forward = (): void => void child.kill('SIGTERM')
    process.on('SIGTERM', forward)
    const end = (code: number | null, reason = ''): void => {
      process.off('SIGTERM', forward)
      resolve({ code, output: chunks.join('') + reason })
    }
    child.on('error', (error) => end(null, error.message))
    child.on('close', (code) => end(code))
  })
}
