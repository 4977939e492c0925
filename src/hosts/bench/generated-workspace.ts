import { DEFAULT_DATASET, type DatasetName } from '../../shared/names.ts'
import { seededGenerator } from '../../shared/seeds.ts'
import { architectureLabel, printModelName, type ArchitectureName } from '../../shared/names.ts'
import { sha256 } from '../../engine/exchange/sha256.ts'
import { itemRegions, type Mark } from '../../engine/metrics/regions.ts'
import { measureMap } from '../../engine/metrics/measure-map.ts'
import { regionShares } from '../../engine/metrics/shares.ts'
import { strokeMask } from '../../engine/metrics/strokes.ts'
import { insertMaps, type NewMap } from '../../engine/workspace/maps.ts'
import { insertModel } from '../../engine/workspace/models.ts'
import type { Workspace } from '../../engine/workspace/open.ts'
import { insertRun, type RunPlan } from '../../engine/workspace/runs.ts'
import {
  ensureSampleSet,
  insertSamples,
  listSamples,
  type NewSample,
} from '../../engine/workspace/samples.ts'

export interface GeneratedShape {
  samples: number
  architectures?: { architecture: ArchitectureName; stationaryDropout?: boolean; fold?: number }[]
  methods?: string[]
  dataset?: DatasetName
  seed?: number
  rows?: number
  columns?: number
  /** Whether maps are measured by pixel, which takes most of the time. Default: yes. */
  pixelScores?: boolean
}

const ITEMS = 3

/**
 * Fills a workspace with rows as a real run leaves them: samples with regions, models, predictions, maps with their values,
 * shares and scores. The values are seeded noise around a few spots, so that every metric has a spread.
 */
export function fillWorkspace(workspace: Workspace, shape: GeneratedShape): RunPlan & { runId: number } {
  const { database } = workspace
  const {
    samples,
    architectures = [{ architecture: 'deep' }, { architecture: 'rlstm' }],
    methods = ['sa', 'gb', 'dtd', 'lrp_a1.5b0.5'],
    dataset = DEFAULT_DATASET,
    seed = 0,
    rows = 28,
    columns = 84,
    pixelScores = true,
  } = shape
  const set = ensureSampleSet(database, {
    name: `${dataset}, test, fold 1`,
    dataset,
    split: 'test',
    fold: 1,
    items: ITEMS,
    seed,
    source: { files: [{ name: 't10k-images-idx3-ubyte', sha256: 'a'.repeat(64) }] },
  })
  insertSamples(
    database,
    set.id,
    Array.from({ length: samples }, (_, position) => makeSample(position, rows, columns, seed)),
  )
  const modelIds = architectures.map(({ architecture, stationaryDropout = false, fold = 1 }, index) => {
    const name = printModelName({ architecture, stationaryDropout, dataset, steps: 12, fold })
    const weights = new TextEncoder().encode(`${name} ${seed}`.padEnd(64 + index))
    return insertModel(database, {
      name,
      architecture,
      stationaryDropout,
      dataset,
      steps: 12,
      fold,
      items: ITEMS,
      sha256: sha256(weights),
      accuracy: 0.98,
      trained: true,
      origin: 'trained',
      metadata: { format: 'heatproof', label: architectureLabel(architecture, stationaryDropout) },
      weights,
    }).id
  })
  const plan: RunPlan = {
    sampleSetId: set.id,
    sampleCount: samples,
    modelIds,
    methods,
    target: 'label',
    seed,
  }
  const runId = insertRun(database, {
    ...plan,
    title: 'Generated run',
    request: { modelIds, methods, dataset, split: 'test', fold: 1, count: samples, seed, target: 'label' },
    versions: { heatproof: '0.1.0' },
    jobId: null,
  })
  for (const modelId of modelIds) storeMaps(workspace, { runId, modelId, plan, rows, columns, pixelScores })
  return { ...plan, runId }
}

const BATCH = 500

function storeMaps(
  { database }: Workspace,
  part: {
    runId: number
    modelId: number
    plan: RunPlan
    rows: number
    columns: number
    pixelScores: boolean
  },
): void {
  const { runId, modelId, plan, rows, columns, pixelScores } = part
  for (let offset = 0; offset < plan.sampleCount; offset += BATCH) {
    const samples = listSamples(database, plan.sampleSetId, {
      offset,
      limit: Math.min(BATCH, plan.sampleCount - offset),
    })
    insertMaps(database, {
      runId,
      modelId,
      predictions: samples.map((sample) => ({
        sampleId: sample.id,
        predicted: sample.position % 25 === modelId % 25 ? (sample.label + 1) % 10 : sample.label,
        logits: Float32Array.from({ length: 10 }, (_, label) => (label === sample.label ? 4 : -1)),
      })),
      maps: samples.flatMap((sample) =>
        plan.methods.map((method) =>
          makeMap(sample, { method, modelId, seed: plan.seed, rows, columns, pixelScores }),
        ),
      ),
    })
  }
}

function makeSample(position: number, rows: number, columns: number, seed: number): NewSample {
  const generator = seededGenerator(seed, 'sample', position)
  const odd = generator.uniformInt(0, ITEMS - 1)
  const label = generator.uniformInt(0, 9)
  const other = (label + generator.uniformInt(1, 9)) % 10
  const marks = Array.from({ length: ITEMS }, (_, item): Mark => (item === odd ? 0 : 1))
  return {
    position,
    label,
    rows,
    columns,
    input: Float32Array.from(
      { length: rows * columns },
      (_, pixel) => (((pixel * 31 + position) % 255) / 255) * 2 - 1,
    ),
    provenance: { sequence: position, images: [position, position + 1, position + 2] },
    regions: itemRegions(rows, columns, marks).map((region, item) => ({
      ...region,
      label: item === odd ? other : label,
    })),
  }
}

function makeMap(
  sample: Pick<NewSample, 'position' | 'label' | 'regions' | 'input'> & { id: number },
  options: {
    method: string
    modelId: number
    seed: number
    rows: number
    columns: number
    pixelScores: boolean
  },
): NewMap {
  const { method, modelId, seed, rows, columns } = options
  const { regions, input } = sample
  const generator = seededGenerator(seed, 'map', sample.position, modelId, method)
  const signed = method.startsWith('lrp') || method === 'gi'
  const weights = Array.from({ length: ITEMS }, () => generator.float() ** 3 + 0.02)
  const values = new Float32Array(rows * columns)
  const width = columns / ITEMS
  const spots = 60
  for (let spot = 0; spot < spots; spot += 1) {
    const item = spot % ITEMS
    const pixel =
      generator.uniformInt(0, rows - 1) * columns + item * width + generator.uniformInt(0, width - 1)
    const sign = signed && generator.float() < 0.25 ? -1 : 1
    values[pixel] = (values[pixel] ?? 0) + sign * (weights[item] ?? 0) * generator.float()
  }
  const low = values.reduce((least, value) => Math.min(least, value))
  const high = values.reduce((most, value) => Math.max(most, value))
  const map = { map: values, rows, columns }
  const measured = options.pixelScores
    ? measureMap(map, regions, strokeMask({ input, rows, columns }, regions))
    : regionShares(map, regions)
  const { total } = measured
  return {
    sampleId: sample.id,
    method,
    target: sample.label,
    targetKind: 'label',
    seed,
    values,
    logit: 4,
    started: method === 'dtd' || method.startsWith('lrp') ? total : null,
    low,
    high,
    conservation: method === 'dtd' || method.startsWith('lrp') ? 0 : null,
    state: 'ok',
    ...measured,
  }
}
