import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { useBackend } from '../../../../src/engine/compute/backend.ts'
import { explainBatch } from '../../../../src/engine/explainers/explain-batch.ts'
import { PreparedGraph } from '../../../../src/engine/graph/prepared-graph.ts'
import { largestDifference, largestValue } from '../../../oracle/compare.ts'
import { BACKENDS_HERE } from '../../../oracle/backends.ts'
import { asImages, goldenJson, importGolden, modelOf } from './golden-networks.ts'

const Values = z.object({
  x: z.array(z.number()),
  logits: z.array(z.number()),
  targets: z.array(z.int()),
  gradient: z.array(z.number()),
})
const Golden = z.record(z.string(), Values.catchall(z.array(z.number())))
const GOLDEN = Golden.parse(goldenJson('golden.json'))
const NETWORKS = Object.keys(GOLDEN)
const CONSERVING = ['dtd', 'lrp_a2b1', 'lrp_eps:0.25']

const imported = (name: string) => importGolden(`${name}.onnx`, name === 'recurrent' ? 8 : undefined)

describe.each(BACKENDS_HERE)('ONNX networks that torch made, on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
  })

  it.each(NETWORKS)('%s has the logits, gradients and relevance of torch and zennit', async (name) => {
    const golden = GOLDEN[name]
    if (golden === undefined) throw new Error('no golden values')
    const network = imported(name)
    const model = new PreparedGraph(modelOf(name, network))
    const images = asImages(golden.x, network.size)
    const rules = Object.keys(golden).filter((key) => key.startsWith('lrp'))
    const methods = ['sa', 'gb', ...CONSERVING, ...rules.filter((rule) => !CONSERVING.includes(rule))]
    const batch = { images, targets: golden.targets, sampleIndices: [0, 1, 2], checkNodes: true }
    const found = await explainBatch(model, batch, methods)
    model.dispose()
    const near = (values: ArrayLike<number>, expected: ArrayLike<number>, what: string) => {
      expect(largestDifference(values, expected), what).toBeLessThan(1e-5 * largestValue(expected))
    }
    const mapsOf = (method: string) => found.methods.get(method)?.maps ?? new Float32Array()
    near(found.logits, golden.logits, 'logits')
    near(
      mapsOf('sa'),
      asImages(golden.gradient, network.size).map((value) => value ** 2),
      'sa',
    )
    if (golden['guided'])
      near(
        mapsOf('gb'),
        golden['guided'].map((value) => value ** 2),
        'gb',
      )
    for (const rule of rules) near(mapsOf(rule), golden[rule] ?? [], rule)
    for (const method of CONSERVING) {
      const { nodes, conservation } = found.methods.get(method) ?? {}
      expect(Math.max(...(conservation ?? [NaN])), method).toBeLessThan(1e-4)
      expect(largestValue(nodes?.errors ?? [NaN]), method).toBeLessThan(1e-4 * largestValue(golden.logits))
    }
  })
})

it('says what it left out, and what wrote the file', () => {
  const { leftOut, tool, format, size } = imported('residual')
  expect(leftOut).toEqual(['Softmax'])
  expect(tool).toMatch(/^pytorch 2/)
  expect(format).toBe('ONNX, opset 18')
  expect(size).toEqual({ rows: 8, columns: 12, channels: 1, steps: 1 })
})

it('folds a batch normalisation, and makes one layer of a sum', () => {
  const nodes = imported('residual').graph.nodes.filter((node) => node.operation === 'linear')
  expect(nodes.map(({ terms }) => terms.map(({ kind }) => kind).join(' + '))).toEqual([
    'convolution',
    'convolution + same',
    'convolution',
    'same + same',
    'average',
    'dense',
  ])
})
