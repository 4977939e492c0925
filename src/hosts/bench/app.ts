import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { contract, type CallInput, type Output, type ProcedureName } from '../../shared/contract/contract.ts'
import type { BackendName } from '../../shared/names.ts'

export interface AppRow {
  backend: BackendName
  /** From the start of the process to its printed address, and to the bytes of the first heatmap of the sample. */
  secondsToServe: number
  secondsToFirstHeatmap: number
  /** A verdict from the request to the answer, which comes when it is on disk. */
  verdictMedian: number
  verdict95th: number
}

const VERDICTS = 200

/** Starts the program as a user does, on an empty sample workspace. */
export async function benchApp(backend: BackendName): Promise<AppRow> {
  const folder = await mkdtemp(join(tmpdir(), 'heatproof-bench-'))
  const started = performance.now()
  const server = spawn(
    process.execPath,
    [
      fileURLToPath(new URL('../cli.ts', import.meta.url)),
      ...['serve', '--sample', '--workspace', join(folder, 'bench.heatproof'), '--backend', backend],
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  try {
    const client = clientOf(await firstLine(server))
    const secondsToServe = (performance.now() - started) / 1000
    const mapId = await firstMap(client)
    await client.bytes(`/maps/${mapId}.f32`)
    const secondsToFirstHeatmap = (performance.now() - started) / 1000
    const times = await verdictTimes(client)
    return {
      backend,
      secondsToServe,
      secondsToFirstHeatmap,
      verdictMedian: times[Math.floor(times.length / 2)] ?? NaN,
      verdict95th: times[Math.floor(times.length * 0.95)] ?? NaN,
    }
  } finally {
    server.kill('SIGTERM')
    if (server.exitCode === null) await once(server, 'exit')
    await rm(folder, { recursive: true, force: true })
  }
}

async function firstMap(client: Client): Promise<number> {
  for (;;) {
    const ids = await someMaps(client, 1)
    if (ids[0] !== undefined) return ids[0]
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function someMaps(client: Client, size: number): Promise<number[]> {
  const queue = await client.call('review.createQueue', {
    filter: {},
    order: 'sequence',
    size,
    randomShare: 0,
  })
  if (queue.length === 0) return []
  const page = { queueId: queue.id, reviewer: 'bench', offset: 0, limit: size }
  return (await client.call('review.items', page)).map(({ mapId }) => mapId)
}

/** Milliseconds, ascending. */
async function verdictTimes(client: Client): Promise<number[]> {
  const times: number[] = []
  for (const mapId of await someMaps(client, VERDICTS)) {
    const start = performance.now()
    await client.call('review.decide', { mapIds: [mapId], reviewer: 'bench', verdict: 'accept' })
    times.push(performance.now() - start)
  }
  return times.sort((a, b) => a - b)
}

interface Client {
  call: <Name extends ProcedureName>(name: Name, input: CallInput<Name>) => Promise<Output<Name>>
  bytes: (path: string) => Promise<ArrayBuffer>
}

const Answer = z.object({ ok: z.boolean(), value: z.unknown() })

function clientOf(address: string): Client {
  const { origin, searchParams } = new URL(address)
  const headers = { authorization: `Bearer ${searchParams.get('token') ?? ''}` }
  return {
    async call<Name extends ProcedureName>(name: Name, input: CallInput<Name>) {
      const response = await fetch(`${origin}/rpc/${name}`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify(input),
      })
      const { ok, value } = Answer.parse(await response.json())
      if (!ok) throw new Error(`${name} failed with status ${response.status}`)
      return contract[name].output.parse(value) as Output<Name>
    },
    bytes: async (path) => (await fetch(origin + path, { headers })).arrayBuffer(),
  }
}

async function firstLine(server: ChildProcess): Promise<string> {
  if (server.stdout === null) throw new Error('a server without output')
  for await (const line of createInterface(server.stdout)) return line
  throw new Error('the server ended before it printed its address')
}
