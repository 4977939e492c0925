import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { useBackend } from '../../../../src/engine/compute/backend.ts'
import { importNetwork } from '../../../../src/engine/exchange/networks/import-network.ts'
import { explainBatch } from '../../../../src/engine/explainers/explain-batch.ts'
import { readAnyModel, writeAnyModel } from '../../../../src/engine/graph/any-model.ts'
import { PreparedGraph } from '../../../../src/engine/graph/prepared-graph.ts'
import { largestDifference, largestValue } from '../../../oracle/compare.ts'
import { BACKENDS_HERE } from '../../../oracle/backends.ts'

const FOLDER = new URL('golden/', import.meta.url)
const Golden = z.object({
  x: z.array(z.number()),
  logits: z.array(z.number()),
  targets: z.array(z.int()),
  maps: z.record(z.string(), z.array(z.number())),
})
const GOLDEN = Golden.parse(JSON.parse(readFileSync(new URL('colour.json', FOLDER), 'utf8')))
const NETWORKS = ['colour', 'colour-last']

async function imported(name: string, range: readonly [number, number] = [-1, 1]) {
  const bytes = readFileSync(new URL(`${name}.onnx`, FOLDER))
  const { model } = await importNetwork({ name: `${name}.onnx`, bytes }, { range })
  return model
}

/** The maps of two samples, the first with its noise and patches. */
async function explained(name: string, methods: readonly string[], samples = GOLDEN.targets.length) {
  const model = new PreparedGraph(await imported(name))
  const images = Float32Array.from(GOLDEN.x).subarray(0, (samples * GOLDEN.x.length) / GOLDEN.targets.length)
  const batch = {
    images,
    targets: GOLDEN.targets.slice(0, samples),
    sampleIndices: [0, 1, 2],
    checkNodes: true,
  }
  const found = await explainBatch(model, batch, methods)
  model.dispose()
  return found
}

describe.each(BACKENDS_HERE)('a colour network that torch made, on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
  })

  it.each(NETWORKS)(
    '%s has the logits of torch and the maps of captum and zennit, summed over channels',
    async (name) => {
      const { logits, methods } = await explained(name, Object.keys(GOLDEN.maps))
      const near = (values: ArrayLike<number>, expected: ArrayLike<number>, what: string) => {
        expect(largestDifference(values, expected), what).toBeLessThan(1e-5 * largestValue(expected))
      }
      near(logits, GOLDEN.logits, 'logits')
      for (const [method, expected] of Object.entries(GOLDEN.maps)) {
        near(methods.get(method)?.maps ?? [], expected, method)
      }
    },
  )

  it('conserves relevance over all channels, node by node', async () => {
    const { methods } = await explained('colour', ['dtd', 'lrp_a2b1', 'lrp_eps:0.25'])
    for (const [method, { conservation, nodes, maps }] of methods) {
      expect(maps, method).toHaveLength(3 * 8 * 12)
      expect(Math.max(...conservation), method).toBeLessThan(1e-4)
      expect(largestValue(nodes?.errors ?? [NaN]), method).toBeLessThan(1e-4 * largestValue(GOLDEN.logits))
    }
  })

  it('gives a batch the maps of its samples, also where they are noisy or random', async () => {
    const methods = ['smoothgrad:3', 'random', 'gb']
    const [all, one] = [await explained('colour', methods), await explained('colour', methods, 1)]
    for (const [method, { maps }] of one.methods) {
      const first = all.methods.get(method)?.maps.subarray(0, 8 * 12) ?? []
      expect(maps, method).toHaveLength(8 * 12)
      expect(largestDifference(first, maps), method).toBeLessThan(1e-5 * largestValue(maps))
    }
  })
})

it.each(NETWORKS)('%s comes back from its file, with its channels', async (name) => {
  const model = await imported(name)
  const again = readAnyModel(writeAnyModel(model), name)
  expect(again).toMatchObject({ rows: 8, columns: 12, channels: 3, items: 1 })
  expect(again).toEqual(model)
})

it('reads what the network was trained on, whatever black and white are for it', async () => {
  await useBackend('wasm')
  const model = new PreparedGraph(await imported('colour', [-2, 2]))
  const images = Float32Array.from(GOLDEN.x, (value) => value / 2)
  const batch = { images, targets: GOLDEN.targets, sampleIndices: [0, 1, 2] }
  const { logits, methods } = await explainBatch(model, batch, ['sa', 'gi', 'lrp_eps:0.25'])
  model.dispose()
  expect(largestDifference(logits, GOLDEN.logits)).toBeLessThan(1e-5)
  for (const [method, { maps }] of methods) {
    const factor = method === 'sa' ? 4 : 1
    const expected = GOLDEN.maps[method]?.map((value) => factor * value) ?? []
    expect(largestDifference(maps, expected), method).toBeLessThan(1e-5 * largestValue(expected))
  }
})
