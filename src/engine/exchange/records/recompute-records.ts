import { HeatproofError } from '../../../shared/errors.ts'
import { batchOfInputs } from '../../compute/batch-size.ts'
import type { ComputePool } from '../../compute/pool.ts'
import { inOrder } from '../../in-order.ts'
import { valuesOf } from '../../models/layout.ts'
import { float32FromBlob } from '../../workspace/blobs.ts'
import { SampleProvenance } from '../../workspace/samples.ts'
import type { RecordOf } from './record-tables.ts'
import type { StagedRecords } from './staged-records.ts'

/** Largest difference that is taken for rounding, relative to the largest value of the map. */
export const TOLERANCE = 1e-4

/** What computing the maps of a model and method again gave. */
export interface Recomputed {
  model: string
  modelSha256: string
  method: string
  /** Maps that were computed again, of those in the set. */
  compared: number
  maps: number
  /**
   * The largest difference of a value, relative to the largest value of its map; infinite where only the stored map is 0. null:
   * nothing was computed, for this reason.
   */
  difference: number | null
  /** Id of the map with it. */
  mapId: number | null
  reason: string | null
}

export interface RecomputeOptions {
  pool: ComputePool
  /** At most so many maps of each model and method, spread evenly over them; absent: all. */
  most?: number
  signal: AbortSignal
  report: (progress: { done: number; total: number }) => void
}

interface PlacedMap {
  row: RecordOf<'maps'>
  position: number
}

/** Samples of one model and size, which lack the same methods. */
interface Batch {
  modelId: number
  methods: string[]
  /** A sample, the explained class, and its maps by method. */
  members: { sampleId: number; target: number; maps: PlacedMap[] }[]
}

/**
 * Computes maps of a set again from its models and inputs, and compares them with those in the set. Maps of a network that the set does
 * not have, and maps that were imported, are named and left out.
 *
 * @throws HeatproofError `cancelled`, and what is wrong with a model (`bad_file`, `bad_model`)
 */
export async function recomputeRecords(
  staged: StagedRecords,
  { pool, most = Infinity, signal, report }: RecomputeOptions,
): Promise<Recomputed[]> {
  const content = contentOf(staged)
  const results = new Map<string, Recomputed>()
  const chosen: PlacedMap[] = []
  for (const [key, maps] of Map.groupBy(content.maps, ({ row }) =>
    JSON.stringify([row.model_id, row.method]),
  )) {
    const [first] = maps
    const model = first && content.models.get(first.row.model_id)?.row
    if (first === undefined || model === undefined) continue
    const reason = reasonAgainst(model, first.row.method)
    const some = reason === null ? spread(maps, most) : []
    chosen.push(...some)
    results.set(key, {
      ...{ model: model.name, modelSha256: model.sha256, method: first.row.method },
      ...{ compared: some.length, maps: maps.length, reason },
      difference: reason === null ? 0 : null,
      mapId: null,
    })
  }
  let done = 0
  report({ done, total: chosen.length })
  await inOrder(
    batchesOf(chosen, content, pool.batch),
    pool.lanes,
    (batch) => {
      if (signal.aborted) throw stopped()
      return computed(batch, content, staged, pool)
    },
    (differences) => {
      for (const { map, difference } of differences) {
        const result = results.get(JSON.stringify([map.model_id, map.method]))
        if (result === undefined) continue
        if (result.mapId === null || difference > (result.difference ?? 0)) {
          Object.assign(result, { difference, mapId: map.id })
        }
      }
      done += differences.length
      report({ done, total: chosen.length })
      return Promise.resolve()
    },
  )
  return [...results.values()]
}

interface Content {
  models: Map<number, { row: RecordOf<'models'>; position: number }>
  samples: Map<number, { row: RecordOf<'samples'>; position: number }>
  maps: PlacedMap[]
}

function contentOf(staged: StagedRecords): Content {
  const content: Content = { models: new Map(), samples: new Map(), maps: [] }
  for (const { table, row, position } of staged.rows()) {
    if (table === 'models') content.models.set(row.id, { row, position })
    else if (table === 'samples') content.samples.set(row.id, { row, position })
    else if (table === 'maps') content.maps.push({ row, position })
  }
  return content
}

function reasonAgainst({ architecture }: RecordOf<'models'>, method: string): string | null {
  if (architecture === 'external') return 'the set does not have this network'
  return method.startsWith('import:') ? 'these maps were imported' : null
}

function spread(maps: readonly PlacedMap[], most: number): PlacedMap[] {
  if (maps.length <= most) return [...maps]
  return Array.from({ length: most }, (_, index) => maps[Math.floor((index * maps.length) / most)]).filter(
    (map) => map !== undefined,
  )
}

function batchesOf(maps: readonly PlacedMap[], { samples }: Content, most: number): Batch[] {
  const members = [
    ...Map.groupBy(maps, ({ row }) => JSON.stringify([row.model_id, row.sample_id, row.target])).values(),
  ].map((own) => ({ row: own[0]?.row, maps: own.toSorted((a, b) => (a.row.method < b.row.method ? -1 : 1)) }))
  const alike = Map.groupBy(members, ({ row, maps: own }) => {
    const sample = samples.get(row?.sample_id ?? 0)?.row
    const methods = own.map((map) => map.row.method)
    return JSON.stringify([row?.model_id, sample?.rows, sample?.columns, sample?.channels, methods])
  })
  return [...alike.values()].flatMap((group) => {
    const [first] = group
    const batches: Batch[] = []
    const sample = samples.get(first?.row?.sample_id ?? 0)?.row
    const size = batchOfInputs(most, sample === undefined ? 1 : valuesOf(sample))
    for (let start = 0; start < group.length; start += size) {
      batches.push({
        modelId: first?.row?.model_id ?? 0,
        methods: first?.maps.map(({ row }) => row.method) ?? [],
        members: group.slice(start, start + size).map(({ row, maps: own }) => ({
          ...{ sampleId: row?.sample_id ?? 0, target: row?.target ?? 0, maps: own },
        })),
      })
    }
    return batches
  })
}

async function computed(
  { modelId, methods, members }: Batch,
  { models, samples }: Content,
  staged: StagedRecords,
  pool: ComputePool,
): Promise<{ map: RecordOf<'maps'>; difference: number }[]> {
  const inputs = members.map(({ sampleId }) =>
    float32FromBlob(staged.arrayAt(samples.get(sampleId)?.position ?? 0)),
  )
  const pixels = inputs[0]?.length ?? 0
  const input = new Float32Array(pixels * members.length)
  inputs.forEach((values, index) => input.set(values, index * pixels))
  const { maps } = await pool.explain(
    {
      ...{ modelKey: String(modelId), methods, input },
      targets: Int32Array.from(members, ({ target }) => target),
      sampleIndices: members.map(({ sampleId }) => sequenceOf(samples.get(sampleId)?.row)),
      regions: members.map(() => []),
    },
    () => staged.arrayAt(models.get(modelId)?.position ?? 0),
  )
  return maps.flatMap(({ index, method, values }) => {
    const stored = members[index]?.maps.find(({ row }) => row.method === method)
    if (stored === undefined) return []
    const difference = largestDifference(values, float32FromBlob(staged.arrayAt(stored.position)))
    return [{ map: stored.row, difference }]
  })
}

/** Seeded methods name a sample by its sequence. */
function sequenceOf(sample: RecordOf<'samples'> | undefined): number {
  return sample === undefined ? 0 : SampleProvenance.parse(JSON.parse(sample.provenance_json)).sequence
}

function largestDifference(found: Float32Array, stored: Float32Array): number {
  let [difference, largest] = [0, 0]
  for (const [pixel, value] of stored.entries()) {
    difference = Math.max(difference, Math.abs(value - (found[pixel] ?? NaN)))
    largest = Math.max(largest, Math.abs(value))
  }
  if (Number.isNaN(difference)) return Infinity
  return difference === 0 ? 0 : difference / largest
}

function stopped(): HeatproofError {
  return new HeatproofError('cancelled', {
    found: 'a request to stop',
    expected: 'the maps to be computed to the end',
    advice: 'Start it again; --sample takes fewer maps.',
  })
}
