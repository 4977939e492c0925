import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const CLI = fileURLToPath(new URL('../../../src/hosts/cli.ts', import.meta.url))

export interface Outcome {
  status: number | null
  stdout: string
  stderr: string
}

/** Runs the command line as a user does: in a process of its own. */
export function heatproof(...args: string[]): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8' })
  return { status, stdout, stderr }
}

/** The same where no file can become larger than some kibibytes, as on a disk that is full. */
export function heatproofOnFullDisk(kibibytes: number, ...args: string[]): Outcome {
  const command = `ulimit -f ${kibibytes} && exec "$0" "$@"`
  const { status, stdout, stderr } = spawnSync('bash', ['-c', command, process.execPath, CLI, ...args], {
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

export interface Surroundings {
  /** Working folder. */
  folder: string
  environment: Readonly<Record<string, string>>
  /** No file can become larger than so many kibibytes, as on a disk that is full. */
  largestFile?: number
}

/** The program with surroundings of its own, without holding up others that run. */
export function heatproofIn(
  { folder, environment, largestFile }: Surroundings,
  args: readonly string[],
): Promise<Outcome> {
  const program = [process.execPath, CLI, ...args]
  const limited = ['bash', '-c', `ulimit -f ${largestFile ?? 0} && exec "$0" "$@"`, ...program]
  const [command = '', ...rest] = largestFile === undefined ? program : limited
  const child = spawn(command, rest, { cwd: folder, env: { ...process.env, ...environment } })
  const text = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (piece: string) => (text[stream] += piece))
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status) => resolve({ status, ...text }))
  })
}
