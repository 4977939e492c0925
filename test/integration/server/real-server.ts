import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { Engine } from '../../../src/engine/api/engine.ts'
import { openEngine } from '../../../src/engine/engine.ts'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import { fillWorkspace } from '../../../src/hosts/bench/generated-workspace.ts'
import { startServer, type RunningServer } from '../../../src/hosts/server/server.ts'
import type { CallInput, Output, ProcedureName, RpcError } from '../../../src/shared/contract/contract.ts'
import type { Role } from '../../../src/shared/contract/reviewers.ts'

export type Reply<Name extends ProcedureName> =
  { status: number; ok: true; value: Output<Name> } | { status: number; ok: false; error: RpcError }

/** What somebody with a token can do. */
export interface Client {
  token: string
  get: (path: string, method?: string) => Promise<Response>
  send: <Name extends ProcedureName>(name: Name, input: CallInput<Name>) => Promise<Reply<Name>>
  /** The value. @throws Error with the message of a refusal */
  call: <Name extends ProcedureName>(name: Name, input: CallInput<Name>) => Promise<Output<Name>>
  events: () => WebSocket
}

export interface RealServer {
  workspace: string
  server: () => RunningServer
  owner: Client
  /** Somebody new with a link of their own. */
  invite: (name: string, role?: Role) => Promise<Client & { id: number }>
  clientWith: (token: string) => Client
  /** Ends server and engine and starts both anew on the same file. */
  restart: () => Promise<void>
}

/** The real engine on a workspace of generated maps, served; ended after the tests of the file. */
export async function realServer(folder: string): Promise<RealServer> {
  const workspace = join(folder, 'shared.heatproof')
  const made = openWorkspace(workspace, { create: true })
  fillWorkspace(made, { samples: 10, rows: 4, columns: 12, methods: ['sa', 'dtd'] })
  made.close()
  const open = () =>
    openEngine({ workspacePath: workspace, folders: [folder], backend: 'wasm', workers: 1, resume: false })
  let engine: Engine = open()
  let running = await startServer(engine, { checkOutput: true })
  const stop = async () => {
    await running.close()
    await engine.close()
  }
  afterAll(stop)
  const clientWith = (token: string) => clientOf(() => running.port, token)
  const owner = clientWith(running.token)
  return {
    workspace,
    server: () => running,
    owner,
    clientWith,
    async invite(name, role = 'reviewer') {
      const { id, token } = await owner.call('reviewers.add', { name, role })
      return { id, ...clientWith(token) }
    },
    async restart() {
      await stop()
      engine = open()
      running = await startServer(engine, { checkOutput: true, token: owner.token })
    },
  }
}

function clientOf(port: () => number, token: string): Client {
  const origin = () => `http://127.0.0.1:${port()}`
  const headers = { authorization: `Bearer ${token}` }
  const send: Client['send'] = async (name, input) => {
    const response = await fetch(`${origin()}/rpc/${name}`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(input),
    })
    const reply = (await response.json()) as Reply<typeof name>
    return { ...reply, status: response.status }
  }
  return {
    token,
    get: (path, method = 'GET') => fetch(origin() + path, { method, headers }),
    send,
    async call(name, input) {
      const reply = await send(name, input)
      if (!reply.ok) throw new Error(reply.error.message)
      return reply.value
    },
    events: () => new WebSocket(`ws://127.0.0.1:${port()}/events`, { headers }),
  }
}
