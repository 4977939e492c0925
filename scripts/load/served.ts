import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readShippedModel } from '../../src/engine/jobs/shipped-models.ts'
import { insertModel } from '../../src/engine/workspace/models.ts'
import { openWorkspace } from '../../src/engine/workspace/open.ts'
import { clientOf, firstLine, type Client } from '../../src/hosts/bench/client.ts'
import { fillWorkspace } from '../../src/hosts/bench/generated-workspace.ts'

const COMMAND = join(import.meta.dirname, '../../src/hosts/heatproof.mjs')
const MODEL = 'deep-mnist-3-digits-maj-seq-12-fold-1'

/** What a process holds at one moment. */
export interface Holding {
  /** Resident memory in bytes. */
  memory: number
  /** Open files, sockets and the like. */
  handles: number
  /** The write-ahead log in bytes. */
  log: number
}

export interface Served {
  origin: string
  owner: Client
  /** Of a model that can be run; those of the generated maps cannot. */
  modelId: number
  holding: () => Holding
  stop: () => Promise<void>
}

/**
 * Serves a workspace of generated maps by `heatproof serve`, in a process of its own. Linux only: what it holds is read from /proc.
 *
 * @param samples sequences; each has eight maps
 */
export async function serve(workspace: string, samples: number): Promise<Served> {
  const made = openWorkspace(workspace, { create: true })
  fillWorkspace(made, { samples, pixelScores: false })
  const { id: modelId } = insertModel(made.database, readShippedModel(MODEL))
  made.close()
  const child = spawn(
    process.execPath,
    [COMMAND, 'serve', '--workspace', workspace, '--workers', '1', '--log-level', 'silent'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const address = await firstLine(child)
  const { pid } = child
  if (pid === undefined) throw new Error('the server has no process')
  return {
    origin: new URL(address).origin,
    owner: clientOf(address),
    modelId,
    holding: () => holdingOf(pid, workspace),
    async stop() {
      const ended = once(child, 'close')
      child.kill('SIGTERM')
      await ended
    },
  }
}

function holdingOf(pid: number, workspace: string): Holding {
  const [, kibibytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return {
    memory: Number(kibibytes) * 1024,
    handles: readdirSync(`/proc/${pid}/fd`).length,
    log: statSync(`${workspace}-wal`, { throwIfNoEntry: false })?.size ?? 0,
  }
}
