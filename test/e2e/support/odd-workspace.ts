import { itemRegions, type Mark } from '../../../src/engine/metrics/regions.ts'
import { measureMap } from '../../../src/engine/metrics/measure-map.ts'
import { strokeMask } from '../../../src/engine/metrics/strokes.ts'
import { insertMaps } from '../../../src/engine/workspace/maps.ts'
import { insertModel } from '../../../src/engine/workspace/models.ts'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import { insertRun } from '../../../src/engine/workspace/runs.ts'
import { ensureSampleSet, insertSamples, listSamples } from '../../../src/engine/workspace/samples.ts'
import type { DatasetName } from '../../../src/shared/names.ts'

/** A sample and its one map, as no usual run makes them. */
export interface OddMap {
  title: string
  dataset: DatasetName
  rows: number
  columns: number
  marks: Mark[]
  method: 'dtd' | 'lrp_a1.5b0.5'
  /** Relevance of a pixel; it is stored as float32. */
  valueOf: (row: number, column: number) => number
}

const ring = (row: number, column: number) => (((row * 7 + column * 3) % 11) / 11) ** 3
const signed = (row: number, column: number) => ring(row, column) * ((row + column) % 3 === 0 ? -0.4 : 1)
const three = { dataset: 'mnist-3-digits-maj', rows: 28, columns: 84, marks: [1, 0, 1] as Mark[] } as const

export const ODD_MAPS: readonly OddMap[] = [
  { title: 'no relevance', ...three, method: 'dtd', valueOf: () => 0 },
  { title: 'tiny values', ...three, method: 'dtd', valueOf: (row, column) => 1e-30 * ring(row, column) },
  {
    title: 'huge values',
    ...three,
    method: 'lrp_a1.5b0.5',
    valueOf: (row, column) => 1e30 * signed(row, column),
  },
  {
    title: 'one pixel above all',
    ...three,
    method: 'dtd',
    valueOf: (row, column) => (row === 14 && column === 42 ? 1e30 : 1e-30),
  },
  {
    title: 'a total of nearly nothing',
    ...three,
    method: 'lrp_a1.5b0.5',
    valueOf: (_row, column) => (column < 42 ? 1 : -0.999999),
  },
  {
    title: 'one item',
    dataset: 'mnist-1-digits-maj',
    rows: 28,
    columns: 28,
    marks: [1],
    method: 'dtd',
    valueOf: ring,
  },
  {
    title: 'eight items',
    dataset: 'mnist-8-digits-maj',
    rows: 28,
    columns: 224,
    marks: [1, 1, 0, 1, 0, 0, 1, 1],
    method: 'lrp_a1.5b0.5',
    valueOf: signed,
  },
  {
    title: 'large and square',
    dataset: 'mnist-4-digits-maj',
    rows: 512,
    columns: 512,
    marks: [1, 0, 1, 1],
    method: 'dtd',
    valueOf: (row, column) => Math.exp(-((row - 200) ** 2 + (column - 330) ** 2) / 9000),
  },
]

/** Fills a new workspace with the odd maps; their ids are 1, 2, … in the order of the list. */
export function makeOddWorkspace(path: string): void {
  const workspace = openWorkspace(path, { create: true })
  const { database } = workspace
  ODD_MAPS.forEach(({ dataset, rows, columns, marks, method, valueOf }, index) => {
    const input = Float32Array.from({ length: rows * columns }, (_, pixel) =>
      Math.sin((pixel % columns) / 4 + Math.floor(pixel / columns) / 5),
    )
    const set = ensureSampleSet(database, {
      name: `odd maps ${index + 1}`,
      dataset,
      split: 'test',
      fold: 1,
      items: marks.length,
      seed: index,
      source: { files: [{ name: 'odd', sha256: 'a'.repeat(64) }] },
    })
    insertSamples(database, set.id, [
      {
        position: 0,
        label: 4,
        rows,
        columns,
        input,
        provenance: { sequence: index, images: marks.map((_, item) => item) },
        regions: itemRegions(rows, columns, marks).map((region) => ({
          ...region,
          label: region.mark === 1 ? 4 : 7,
        })),
      },
    ])
    const [sample] = listSamples(database, set.id, { offset: 0, limit: 1 })
    if (sample === undefined) throw new Error('the sample was not stored')
    const name = `deep-${dataset}-seq-${4 * marks.length}-fold-1`
    const model = insertModel(database, {
      name,
      architecture: 'deep',
      stationaryDropout: false,
      dataset,
      steps: 4 * marks.length,
      fold: 1,
      items: marks.length,
      sha256: String(index).padStart(64, '0'),
      accuracy: 0.9,
      trained: true,
      origin: 'imported',
      metadata: { format: 'heatproof' },
      weights: new Uint8Array(8),
    })
    const plan = {
      sampleSetId: set.id,
      sampleCount: 1,
      modelIds: [model.id],
      methods: [method],
      target: 'label' as const,
      seed: 0,
    }
    const runId = insertRun(database, {
      ...plan,
      title: 'Odd maps',
      request: {
        ...{ modelIds: [model.id], methods: [method], dataset, split: 'test', fold: 1, count: 1, seed: 0 },
        target: 'label',
      },
      versions: {},
      jobId: null,
    })
    const values = Float32Array.from({ length: rows * columns }, (_, pixel) =>
      valueOf(Math.floor(pixel / columns), pixel % columns),
    )
    const measured = measureMap(
      { map: values, rows, columns },
      sample.regions,
      strokeMask({ input, rows, columns }, sample.regions),
    )
    insertMaps(database, {
      runId,
      modelId: model.id,
      predictions: [{ sampleId: sample.id, predicted: 4, logits: new Float32Array(10) }],
      maps: [
        {
          sampleId: sample.id,
          method,
          target: 4,
          targetKind: 'label',
          seed: 0,
          values,
          logit: 4,
          started: measured.total,
          low: values.reduce((least, value) => Math.min(least, value)),
          high: values.reduce((most, value) => Math.max(most, value)),
          conservation: 0,
          state: measured.absolute === 0 ? 'no_evidence' : 'ok',
          ...measured,
        },
      ],
    })
  })
  workspace.close()
}
