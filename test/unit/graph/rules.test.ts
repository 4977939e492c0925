import { beforeAll, expect, it } from 'vitest'
import { useBackend } from '../../../src/engine/compute/backend.ts'
import { explainBatch } from '../../../src/engine/explainers/explain-batch.ts'
import type { GraphNode } from '../../../src/engine/graph/description.ts'
import { PreparedGraph } from '../../../src/engine/graph/prepared-graph.ts'
import type { GraphModel } from '../../../src/engine/graph/graph-model.ts'
import { graphLayersFromOutput, randomisedGraph } from '../../../src/engine/graph/randomised-graph.ts'
import { activation, dense, smallGraph, tensor } from './small-graph.ts'

beforeAll(async () => {
  await useBackend('wasm')
})

async function explained(model: GraphModel, image: number[], method: string) {
  const prepared = new PreparedGraph(model)
  try {
    const batch = { images: Float32Array.from(image), targets: [0], sampleIndices: [0], checkNodes: true }
    const maps = (await explainBatch(prepared, batch, [method])).methods.get(method)
    if (maps === undefined) throw new Error('no maps')
    return maps
  } finally {
    prepared.dispose()
  }
}

const ONE = { classes: 1 }
const IDENTITY = tensor([2, 2], [1, 0, 0, 1])

it('leaves what only a bias made to the bias, and says how much', async () => {
  // Two units: relu(x1), and relu(-1 + 3) = 2 by its bias alone, since x2 is black and w = -1 gives the box nothing.
  const model = smallGraph(
    [
      dense('z', 'input', 'w', 'b'),
      activation('y', 'z'),
      dense('y2', 'y', 'w2', 'b2'),
      activation('a2', 'y2'),
      dense('logits', 'a2', 'out'),
    ],
    {
      w: IDENTITY,
      b: tensor([2], [0, 0]),
      w2: tensor([2, 2], [1, 0, 0, -1]),
      b2: tensor([2], [0, 3]),
      out: tensor([2, 1], [1, 1]),
    },
    ONE,
  )
  const maps = await explained(model, [1, 1], 'lrp_a1b0:plain')
  expect([...maps.maps]).toEqual([1, 0])
  expect(maps.kept?.bias[0]).toBeCloseTo(2, 6)
  expect(maps.conservation[0]).toBeLessThan(1e-6)
  expect(Math.max(...(maps.nodes?.errors ?? [NaN]))).toBeLessThan(1e-6)
})

it('splits products by their own sign, so that tanh below 0 takes its share', async () => {
  // f = 2 t1 - 4 t2 with t = tanh(x) = (t, -t): products 2t and 4t, shares 1/3 and 2/3.
  const model = smallGraph(
    [dense('z', 'input', 'w'), activation('t', 'z', 'tanh'), dense('logits', 't', 'out')],
    { w: IDENTITY, out: tensor([2, 1], [2, -4]) },
    ONE,
  )
  const { maps, starts, conservation } = await explained(model, [0.5, -0.5], 'lrp_a1b0:plain')
  const f = starts[0] ?? NaN
  expect(f).toBeCloseTo(6 * Math.tanh(0.5), 5)
  expect(maps[0]).toBeCloseTo(f / 3, 5)
  expect(maps[1]).toBeCloseTo((2 * f) / 3, 5)
  expect(conservation[0]).toBeLessThan(1e-6)
})

it.each([
  ['both below 0', [-0.6, -0.2], -1, [0.6, 0.2]],
  ['both above 0', [0.6, 0.2], 1, [0.6, 0.2]],
  ['of both signs, above 0 together', [0.6, -0.2], 1, [0.4, 0]],
  ['of both signs, below 0 together', [0.2, -0.6], -1, [0, 0.4]],
])('shares a sum of values %s among those of its sign', async (_, image, weight, expected) => {
  const part = (name: string, start: number): GraphNode => ({
    ...{ operation: 'slice', name, input: 'z', axis: 0, start, count: 1, stride: 1 },
  })
  const terms = ['a', 'b'].map((input) => ({ kind: 'same' as const, input }))
  const model = smallGraph(
    [
      dense('z', 'input', 'w'),
      part('a', 0),
      part('b', 1),
      { operation: 'linear', name: 'sum', terms },
      dense('logits', 'sum', 'out'),
    ],
    { w: IDENTITY, out: tensor([1, 1], [weight]) },
    ONE,
  )
  for (const method of ['dtd', 'lrp_a1b0:plain']) {
    const { maps, conservation, kept } = await explained(model, image, method)
    expect(maps[0], method).toBeCloseTo(expected[0] ?? NaN, 6)
    expect(maps[1], method).toBeCloseTo(expected[1] ?? NaN, 6)
    expect(conservation[0]).toBeLessThan(1e-6)
    expect(kept?.bias[0]).toBeCloseTo(0, 6)
  }
})

it.each([
  [0.5, 0.5],
  [-2, 0.1],
  [1, 0],
])('gives the same dtd map however the input is scaled: %d v + %d', async (scale, shift) => {
  const nodes = [dense('z', 'input', 'w', 'b'), activation('y', 'z'), dense('logits', 'y', 'out')]
  const weights = { w: tensor([2, 2], [1, -2, 0.5, 1]), b: tensor([2], [0, 0]), out: tensor([2, 1], [1, 1]) }
  const plain = smallGraph(nodes, weights, ONE)
  // The weights are divided by the scale, and the bias takes the shift back: the same function of the pixels.
  const columns = [
    [1, 0.5],
    [-2, 1],
  ]
  const scaled = smallGraph(
    nodes,
    {
      ...weights,
      w: tensor(
        [2, 2],
        [1, -2, 0.5, 1].map((w) => w / scale),
      ),
      b: tensor(
        [2],
        columns.map((column) => (-shift / scale) * column.reduce((sum, w) => sum + w, 0)),
      ),
    },
    { ...ONE, graph: { ...plain.graph, input: { ...plain.graph.input, scale, shift } } },
  )
  const [expected, found] = [
    await explained(plain, [0.8, 0.4], 'dtd'),
    await explained(scaled, [0.8, 0.4], 'dtd'),
  ]
  expect(found.maps[0]).toBeCloseTo(expected.maps[0] ?? NaN, 5)
  expect(found.maps[1]).toBeCloseTo(expected.maps[1] ?? NaN, 5)
  expect((await explained(scaled, [0.8, 0.4], 'sa')).maps[0]).toBeCloseTo(
    (await explained(plain, [0.8, 0.4], 'sa')).maps[0] ?? NaN,
    4,
  )
})

it('names the node of a forward pass that leaves float32', async () => {
  const model = smallGraph(
    [dense('z', 'input', 'w'), dense('logits', 'z', 'w2')],
    { w: tensor([2, 2], [3e38, 3e38, 3e38, 3e38]), w2: tensor([2, 1], [1, 1]) },
    ONE,
  )
  await expect(explained(model, [1, 1], 'sa')).rejects.toThrow(/output of linear 'z' \(node 1\)/)
})

it('draws the layers of a sanity check from the output on, shared weights once', () => {
  const model = smallGraph(
    [
      dense('z', 'input', 'w', 'b'),
      activation('y', 'z'),
      dense('again', 'y', 'w', 'b'),
      dense('logits', 'again', 'fc.weight'),
    ],
    { w: IDENTITY, b: tensor([2], [1, 1]), 'fc.weight': tensor([2, 2], [1, 2, 3, 4]) },
  )
  expect(graphLayersFromOutput(model)).toEqual(['fc', 'w'])
  const [one, two] = [randomisedGraph(model, 1, 3), randomisedGraph(model, 2, 3)]
  expect(one.weights.get('fc.weight')).not.toEqual(model.weights.get('fc.weight'))
  expect(one.weights.get('w')).toEqual(model.weights.get('w'))
  expect(two.weights.get('fc.weight')).toEqual(one.weights.get('fc.weight'))
  expect([...(two.weights.get('b')?.data ?? [])]).toEqual([0, 0])
})

it.each(['dtd', 'lrp_a2b1', 'lrp_eps'])(
  '%s hands all to pixels that are normalised channel by channel, black ones too',
  async (method) => {
    const model = smallGraph(
      [
        {
          operation: 'linear',
          name: 'z',
          terms: [{ kind: 'scale', input: 'input', weight: 's' }],
          bias: 'm',
        },
        dense('logits', 'z', 'w'),
      ],
      { s: tensor([2], [2, 3]), m: tensor([2], [-0.5, 0.2]), w: tensor([2, 1], [-1, -1]) },
      ONE,
    )
    const { maps, kept, conservation } = await explained(model, [-1, 0.2], method)
    expect(kept?.bias[0] ?? 0).toBe(0)
    expect(maps[0]).toBeGreaterThan(0)
    expect(conservation[0]).toBeLessThan(1e-5)
  },
)
