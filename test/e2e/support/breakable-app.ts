import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { firstLine } from '../../../src/hosts/bench/client.ts'

const SERVE = join(import.meta.dirname, 'serve-at.ts')

/** A real server process that a test kills and starts again. */
export interface BreakableApp {
  workspace: string
  address: (path?: string) => string
  /** Ends the process at once, as a crash does, whatever it is doing. */
  kill: () => Promise<void>
  /** Starts it on the same port again: with the token that it had, as the window does, or as somebody in a terminal, with a new one. */
  start: (options?: { newToken: boolean }) => Promise<void>
}

export async function startBreakable(workspace: string): Promise<BreakableApp> {
  let { child, address } = await launch(workspace, '0', '')
  return {
    workspace,
    address: (path = '/review') => `${address}&next=${encodeURIComponent(path)}`,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
    async start({ newToken } = { newToken: false }) {
      const { port, searchParams } = new URL(address)
      const token = newToken ? '' : (searchParams.get('token') ?? '')
      ;({ child, address } = await launch(workspace, port, token))
    },
  }
}

async function launch(
  workspace: string,
  port: string,
  token: string,
): Promise<{ child: ChildProcess; address: string }> {
  const child = spawn(process.execPath, [SERVE, workspace, port, token], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return { child, address: await firstLine(child) }
}

export interface StoredVerdict {
  mapId: number
  verdict: string
}

/** All verdicts that the file of a workspace holds, oldest first. Nobody may have it open. */
export function storedVerdicts(workspace: string, reviewer?: string): StoredVerdict[] {
  const database = new Database(workspace)
  try {
    return database
      .prepare(
        `SELECT map_id AS mapId, verdict FROM verdicts WHERE reviewer = coalesce(@reviewer, reviewer) ORDER BY id`,
      )
      .all({ reviewer: reviewer ?? null }) as StoredVerdict[]
  } finally {
    database.close()
  }
}
