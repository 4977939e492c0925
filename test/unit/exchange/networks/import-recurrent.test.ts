import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { useBackend } from '../../../../src/engine/compute/backend.ts'
import { explainBatch } from '../../../../src/engine/explainers/explain-batch.ts'
import { PreparedGraph } from '../../../../src/engine/graph/prepared-graph.ts'
import { BACKENDS_HERE } from '../../../oracle/backends.ts'
import { largestDifference, largestValue } from '../../../oracle/compare.ts'
import { asImages, goldenJson, importGolden, modelOf } from './golden-networks.ts'

const Values = z.array(z.number())
const Golden = z.record(
  z.string(),
  z.object({ x: Values, logits: Values, targets: Values, gradient: Values }),
)
const GOLDEN = Object.entries(Golden.parse(goldenJson('recurrent/recurrent.json')))
const CONSERVING = ['dtd', 'lrp_a2b1', 'lrp_eps:0.25']
const ROWS = 4

const imported = (name: string) => importGolden(`recurrent/${name}.onnx`, ROWS)

describe.each(BACKENDS_HERE)('LSTM, GRU and RNN of ONNX, on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
  })

  it.each(GOLDEN)(
    '%s has the logits and gradients of torch, and conserves relevance',
    async (name, golden) => {
      const network = imported(name)
      const model = new PreparedGraph(modelOf(name, network))
      const images = asImages(golden.x, network.size)
      const batch = { images, targets: golden.targets, sampleIndices: [0, 1, 2], checkNodes: true }
      const found = await explainBatch(model, batch, ['sa', ...CONSERVING])
      model.dispose()
      const squares = asImages(golden.gradient, network.size).map((value) => value ** 2)
      const maps = found.methods.get('sa')?.maps ?? []
      expect(largestDifference(found.logits, golden.logits)).toBeLessThan(1e-5 * largestValue(golden.logits))
      expect(largestDifference(maps, squares)).toBeLessThan(1e-5 * largestValue(squares))
      for (const method of CONSERVING) {
        const { nodes, conservation } = found.methods.get(method) ?? {}
        expect(Math.max(...(conservation ?? [NaN])), method).toBeLessThan(1e-4)
        expect(largestValue(nodes?.errors ?? [NaN]), method).toBeLessThan(1e-4 * largestValue(golden.logits))
      }
    },
  )
})

it('keeps the weights of a layer once, and gives gates no relevance of their own', () => {
  const { graph, weights } = imported('lstm')
  const gates = graph.nodes.filter((node) => node.operation === 'gate')
  expect([...weights.keys()].filter((name) => name.includes('gates'))).toHaveLength(3)
  expect(gates.every(({ gate }) => gate.includes('gate '))).toBe(true)
  expect(gates).toHaveLength(4 * 3 - 1)
})
