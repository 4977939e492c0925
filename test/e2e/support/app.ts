import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { CallInput, Output, ProcedureName } from '../../../src/shared/contract/contract.ts'

/** The real server in a process of its own, on a temporary workspace. */
export interface RunningApp {
  workspace: string
  readonly origin: string
  /** Opens a screen: `address('/review?queue=1')` carries the token, the owner's or a reviewer's. */
  address: (path?: string, token?: string) => string
  call: <Name extends ProcedureName>(name: Name, input: CallInput<Name>) => Promise<Output<Name>>
  /** Ends the process; the workspace stays readable until `remove`. */
  stop: () => Promise<void>
  remove: () => Promise<void>
  /** Ends the process and starts another one on the same workspace and port; the owner has a new token. */
  restart: () => Promise<void>
}

const ROOT = join(import.meta.dirname, '../../..')

/**
 * Starts the server on a new workspace, named `name`, in a temporary folder; `fill` may make the file before. The program may be
 * another installation than this one.
 */
export async function startApp(
  name = 'review.heatproof',
  fill?: (file: string) => void,
  installation = ROOT,
): Promise<RunningApp> {
  const serve = (path: string, port: string) => serveFrom(installation, path, port)
  const folder = mkdtempSync(join(tmpdir(), 'heatproof-e2e-'))
  const file = join(folder, name)
  fill?.(file)
  let server = await serve(file, '0')

  const stop = async () => {
    if (server.child.exitCode !== null) return
    const ended = once(server.child, 'exit')
    server.child.kill('SIGTERM')
    await ended
  }
  return {
    workspace: file,
    get origin() {
      return server.origin
    },
    address: (path = '/review', token = server.token) =>
      `${server.origin}/open?token=${token}&next=${encodeURIComponent(path)}`,
    call: (name, input) => call(server.origin, server.token, name, input),
    stop,
    async restart() {
      await stop()
      server = await serve(file, new URL(server.origin).port)
    },
    async remove() {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function serveFrom(installation: string, file: string, port: string) {
  const program = join(installation, 'test/e2e/support/serve.ts')
  const child = spawn(process.execPath, [program, file, port], { stdio: ['ignore', 'pipe', 'inherit'] })
  const { origin, searchParams } = new URL(await firstLine(child))
  return { child, origin, token: searchParams.get('token') ?? '' }
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('The server has no output.')
  const lines = createInterface({ input: child.stdout })
  const line = await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => [null])])
  if (typeof line[0] !== 'string')
    throw new Error(`The server ended before it printed its address (${child.exitCode}).`)
  return line[0]
}

async function call<Name extends ProcedureName>(
  origin: string,
  token: string,
  name: Name,
  input: CallInput<Name>,
): Promise<Output<Name>> {
  const response = await fetch(`${origin}/rpc/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, origin },
    body: JSON.stringify(input),
  })
  const answer = (await response.json()) as
    { ok: true; value: Output<Name> } | { ok: false; error: { message: string } }
  if (!answer.ok) throw new Error(`${name}: ${answer.error.message}`)
  return answer.value
}
