import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { openEngine } from '../../engine/engine.ts'
import { BACKENDS, type BackendName } from '../../shared/names.ts'
import { FOUR_METHODS } from './work.ts'

export const MemoryRow = z.object({
  backend: z.enum(BACKENDS),
  sequences: z.int(),
  maps: z.int(),
  seconds: z.number(),
  /** Largest resident size of the process with all its workers. */
  peakMegabytes: z.number(),
})
export type MemoryRow = z.infer<typeof MemoryRow>

const SEQUENCES = 10_000

/** Explains the whole MNIST test split by the four methods in a process of its own, with everything stored. */
export async function benchMemory(backend: BackendName): Promise<MemoryRow> {
  const child = fork(fileURLToPath(import.meta.url), [backend], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const [row] = z.tuple([MemoryRow], z.unknown()).parse(await once(child, 'message'))
  return row
}

async function measure(backend: BackendName): Promise<MemoryRow> {
  const folder = await mkdtemp(join(tmpdir(), 'heatproof-bench-'))
  const engine = openEngine({
    workspacePath: join(folder, 'bench.heatproof'),
    create: true,
    backend,
    folders: [folder],
  })
  try {
    await engine.waitFor((await engine.handlers['workspace.openSample']({})).jobId)
    const [model] = await engine.handlers['models.list']({})
    const start = performance.now()
    const { jobId } = await engine.handlers['runs.start']({
      modelIds: [model?.id ?? 1],
      methods: [...FOUR_METHODS],
      dataset: 'mnist-3-digits-maj',
      split: 'test',
      fold: 1,
      count: SEQUENCES,
      seed: 1,
      target: 'label',
    })
    const { total } = await engine.waitFor(jobId)
    const seconds = (performance.now() - start) / 1000
    const peakMegabytes = process.resourceUsage().maxRSS / 1024
    return { backend, sequences: SEQUENCES, maps: total, seconds, peakMegabytes }
  } finally {
    await engine.close()
    await rm(folder, { recursive: true, force: true })
  }
}

if (process.send !== undefined && process.argv[1] === fileURLToPath(import.meta.url)) {
  const backend = z.enum(BACKENDS).parse(process.argv[2])
  process.send(await measure(backend))
  process.disconnect()
}
