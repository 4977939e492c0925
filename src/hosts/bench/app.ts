import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BackendName } from '../../shared/names.ts'
import { clientOf, firstLine, type Client } from './client.ts'

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
