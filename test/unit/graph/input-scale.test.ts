import { beforeAll, expect, test } from 'vitest'
import { useBackend } from '../../../src/engine/compute/backend.ts'
import { explainBatch } from '../../../src/engine/explainers/explain-batch.ts'
import { prepareAnyModel } from '../../../src/engine/graph/any-model.ts'
import type { GraphModel } from '../../../src/engine/graph/graph-model.ts'
import { seededGenerator } from '../../../src/shared/seeds.ts'
import { smallNetwork } from '../../integration/support/small-network.ts'

/** Methods that ask for the function of the pixels alone, not for how its sums are written down. */
const METHODS = ['sa', 'ig:4', 'smoothgrad:2', 'occlusion:8']
const SIZE = { name: 'scaled', rows: 16, columns: 8, channels: 3 }

beforeAll(async () => {
  await useBackend('wasm')
})

/** The same function of an image, with what black and white are moved into the first layer. */
function twinOf(model: GraphModel): GraphModel {
  const { scale, shift } = model.graph.input
  const weights = new Map(model.weights)
  const [kernel, offset] = [weights.get('kernel'), weights.get('offset')]
  if (kernel === undefined || offset === undefined) throw new Error('no first layer')
  const units = offset.data.length
  const sums = Array.from(offset.data, (_, unit) =>
    kernel.data.reduce((sum, weight, index) => (index % units === unit ? sum + weight : sum), 0),
  )
  weights.set('kernel', { ...kernel, data: kernel.data.map((weight) => weight * scale) })
  weights.set('offset', {
    ...offset,
    data: offset.data.map((bias, unit) => bias + shift * (sums[unit] ?? 0)),
  })
  return { ...model, weights, graph: { ...model.graph, input: { ...model.graph.input, scale: 1, shift: 0 } } }
}

async function explained(network: GraphModel) {
  const generator = seededGenerator(5, 'scaled')
  const images = Float32Array.from({ length: 2 * 16 * 8 * 3 }, () => 2 * generator.float() - 1)
  const model = prepareAnyModel(network)
  const found = await explainBatch(model, { images, targets: [0, 2], sampleIndices: [0, 1] }, METHODS)
  model.dispose()
  return found
}

test('maps are those of the pixels, whatever black and white are for a network', async () => {
  const network = smallNetwork(SIZE, [0, 4])
  const [own, twin] = [await explained(network), await explained(twinOf(network))]
  for (const method of METHODS) {
    const maps = own.methods.get(method)?.maps ?? new Float32Array()
    const expected = twin.methods.get(method)?.maps ?? new Float32Array()
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    expect(maps).toHaveLength(2 * 16 * 8)
    expect(largest).toBeGreaterThan(0)
    expected.forEach((value, pixel) =>
      expect(Math.abs((maps[pixel] ?? NaN) - value), method).toBeLessThan(1e-4 * largest),
    )
  }
})
