import { join } from 'node:path'
import { ComputePool } from '../../engine/compute/pool.ts'
import type { ExplainedMap, ExplainResult } from '../../engine/compute/protocol.ts'
import { batchOfInputs } from '../../engine/compute/batch-size.ts'
import { valuesOf } from '../../engine/models/layout.ts'
import { createNpyWriter, type NpyWriter } from '../../engine/exchange/npy-writer.ts'
import type { AnyModel } from '../../engine/graph/any-model.ts'
import { MAP_STATES, type BackendName, type MapState } from '../../shared/names.ts'
import { inOrder } from '../../engine/in-order.ts'
import { throwIfInterrupted } from './interrupt.ts'
import { slicesOf } from './maps-file.ts'
import type { ModelInputs } from './model-inputs.ts'
import type { Targets } from './targets.ts'

/** Inputs that share one forward pass. */
export const BATCH = 200
export const LOGITS_FILE = 'logits.npy'

export interface MapsTask {
  model: AnyModel
  /** The bytes of its weight file. */
  weights: Uint8Array
  inputs: ModelInputs
  /** Different ids. */
  methods: readonly string[]
  targets: Targets
  backend: BackendName | 'auto'
  signal: AbortSignal
  onProgress: (done: number) => void
}

export interface MethodSummary {
  method: string
  /** File name in the folder. */
  file: string
  /** Number of maps in each state. */
  states: Record<MapState, number>
  /** Largest `|sum of the map - R_start| / R_start`; null for methods that conserve nothing. */
  largestConservationError: number | null
}

export interface MapsSummary {
  backend: BackendName
  device: string
  methods: MethodSummary[]
}

/** File name of a method's maps: its id with `_` for `:`. */
export function mapsFile(method: string): string {
  return `${method.replaceAll(':', '_')}.npy`
}

/** Explains all inputs in batches on all cores and writes METHOD.npy and logits.npy; memory does not grow with their number. */
export async function computeMaps(task: MapsTask, folder: string): Promise<MapsSummary> {
  const { model, weights, inputs, methods, targets, signal } = task
  const { rows, columns, classes } = model
  // One batch keeps one worker busy; more batches have what suits the backend.
  const pool = await ComputePool.start({
    backend: task.backend,
    ...(inputs.count <= BATCH ? { size: 1 } : {}),
  })
  const writers: NpyWriter[] = []
  const create = async (name: string, shape: number[]) => {
    const writer = await createNpyWriter(join(folder, name), shape)
    writers.push(writer)
    return writer
  }
  try {
    const logitsWriter = await create(LOGITS_FILE, [inputs.count, classes])
    const outputs: { writer: NpyWriter; summary: MethodSummary }[] = []
    for (const method of methods) {
      const writer = await create(mapsFile(method), [inputs.count, rows, columns])
      outputs.push({ writer, summary: emptySummary(method) })
    }
    await inOrder(
      slicesOf(inputs.count, batchOfInputs(pool.batch, valuesOf(model))),
      pool.lanes,
      async ({ first, count }) => {
        throwIfInterrupted(signal, 'Nothing was written; start again.')
        return pool.explain(
          {
            modelKey: 'model',
            input: await inputs.slice(first, count),
            targets: targets === 'predicted' ? targets : targets.slice(first, first + count),
            methods: [...methods],
            sampleIndices: Array.from({ length: count }, (_, index) => first + index),
            regions: Array.from({ length: count }, () => []),
          },
          () => weights,
        )
      },
      async (result: ExplainResult, { first, count }) => {
        throwIfInterrupted(signal, 'Nothing was written; start again.')
        await logitsWriter.append(result.logits)
        const byMethod = Map.groupBy(result.maps, ({ method }) => method)
        for (const { writer, summary } of outputs) {
          const maps = byMethod.get(summary.method) ?? []
          await writer.append(joined(maps, rows * columns))
          for (const map of maps) countMap(summary, map)
        }
        task.onProgress(first + count)
      },
    )
    for (const writer of writers) await writer.finish()
    return { backend: pool.backend, device: pool.device, methods: outputs.map(({ summary }) => summary) }
  } finally {
    for (const writer of writers) await writer.discard()
    await pool.close()
  }
}

function emptySummary(method: string): MethodSummary {
  const states = Object.fromEntries(MAP_STATES.map((state) => [state, 0])) as Record<MapState, number>
  return { method, file: mapsFile(method), states, largestConservationError: null }
}

function countMap(summary: MethodSummary, { state, conservation }: ExplainedMap): void {
  summary.states[state] += 1
  if (conservation === null) return
  summary.largestConservationError = Math.max(summary.largestConservationError ?? 0, conservation)
}

function joined(maps: readonly ExplainedMap[], pixels: number): Float32Array {
  const values = new Float32Array(maps.length * pixels)
  for (const map of maps) values.set(map.values, map.index * pixels)
  return values
}
