import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const CLI = fileURLToPath(new URL('../../../src/hosts/cli.ts', import.meta.url))

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
