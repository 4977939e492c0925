import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { useBackend } from '../../../src/engine/compute/backend.ts'
import { importOnnx } from '../../../src/engine/exchange/onnx/import-onnx.ts'
import { explainBatch } from '../../../src/engine/explainers/explain-batch.ts'
import {
  prepareAnyModel,
  readAnyModel,
  writeAnyModel,
  type AnyModel,
} from '../../../src/engine/graph/any-model.ts'
import type { GraphModel } from '../../../src/engine/graph/graph-model.ts'
import { readModel, type Model } from '../../../src/engine/models/model.ts'
import { ARCHITECTURE_NAMES, type ArchitectureName } from '../../../src/shared/names.ts'
import { BACKENDS_HERE } from '../backends.ts'
import { largestDifference, largestValue } from '../compare.ts'
import { ALIVE_SEED, randomImages, randomModel } from '../random-model.ts'
import { graphOfModel } from './graph-of-model.ts'
import { onnxOfRlstm } from './onnx-of-rlstm.ts'

const METHODS = [
  'sa',
  'gi',
  'sa_const_gates',
  'gb',
  'gb_raw_gates',
  'dtd',
  'lrp_a1.5b0.5',
  'lrp_a2b1',
  'lrp_a1b0:plain',
  'lrp_eps:0',
  'lrp_eps',
  'ig:3',
  'smoothgrad:2',
  'occlusion:4',
  'random',
]

const SHIPPED = ['deep', 'rlstm'].map((name) => `${name}-mnist-3-digits-maj-seq-12-fold-1`)

async function explained(
  network: AnyModel,
  images: Float32Array,
  targets: readonly number[] | 'predicted' = [0, 1, 2],
  methods: readonly string[] = METHODS,
) {
  const model = prepareAnyModel(network)
  try {
    const batch = { images, targets, sampleIndices: [0, 1, 2], checkNodes: true }
    return await explainBatch(model, batch, methods)
  } finally {
    model.dispose()
  }
}

function graphOfOnnx(own: Model): GraphModel {
  const { rows } = own
  const wishes = { range: [-1, 1] as const, inSteps: true, rows }
  const { graph, weights, size } = importOnnx(onnxOfRlstm(own), 'rlstm.onnx', wishes)
  return { ...own, ...size, architecture: 'graph', graph, weights }
}

type Writer = (own: Model) => GraphModel | Promise<GraphModel>
const WRITERS: [string, ArchitectureName, Writer][] = [
  ...ARCHITECTURE_NAMES.map((name): [string, ArchitectureName, Writer] => [name, name, graphOfModel]),
  ['rlstm with an LSTM node of ONNX', 'rlstm', graphOfOnnx],
]

describe.each(BACKENDS_HERE)('our own networks written down as graphs, on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
  })

  it.each(WRITERS)('%s has the same logits and maps', async (_, architecture, write) => {
    const own = randomModel(architecture, ALIVE_SEED)
    const images = randomImages(3, ALIVE_SEED)
    const graph = readAnyModel(writeAnyModel(await write(own)), 'the graph')
    const [expected, found] = [await explained(own, images), await explained(graph, images)]
    const scale = largestValue(expected.logits)
    expect(largestDifference(found.logits, expected.logits)).toBeLessThan(1e-5 * scale)
    let evidence = 0
    for (const method of METHODS) {
      const [own, other] = [expected.methods.get(method), found.methods.get(method)]
      if (own === undefined || other === undefined) throw new Error(`no maps of ${method}`)
      const size = largestValue(own.maps)
      evidence += size
      expect(largestDifference(other.maps, own.maps), method).toBeLessThanOrEqual(1e-5 * size)
      expect(other.states, method).toEqual(own.states)
      if (own.nodes !== null) {
        expect(largestValue(other.nodes?.errors ?? [NaN]), method).toBeLessThan(1e-4 * scale)
      }
    }
    expect(evidence).toBeGreaterThan(0)
  })

  it.each(SHIPPED)('the shipped %s has the same logits and maps', async (name) => {
    const own = readModel(readFileSync(`resources/models/${name}.safetensors`), name)
    const images = randomImages(2, 1, own)
    const methods = ['sa', 'gi', 'gb', 'dtd', 'lrp_a1.5b0.5', 'lrp_a1b0:plain']
    const [expected, found] = [
      await explained(own, images, 'predicted', methods),
      await explained(await graphOfModel(own), images, 'predicted', methods),
    ]
    const near = (values: ArrayLike<number> = [], wanted: ArrayLike<number> = [NaN], what: string) => {
      expect(largestDifference(values, wanted), what).toBeLessThanOrEqual(1e-5 * largestValue(wanted))
    }
    near(found.logits, expected.logits, 'logits')
    expect(largestValue(expected.methods.get('dtd')?.starts ?? [])).toBeGreaterThan(1)
    for (const method of methods) {
      near(found.methods.get(method)?.maps, expected.methods.get(method)?.maps, method)
    }
  })
})
