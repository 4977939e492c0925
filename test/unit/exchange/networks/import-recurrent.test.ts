import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { useBackend } from '../../../../src/engine/compute/backend.ts'
import { importState } from '../../../../src/engine/exchange/networks/import-state.ts'
import type { ImportedNetwork } from '../../../../src/engine/exchange/networks/imported-network.ts'
import { explainBatch } from '../../../../src/engine/explainers/explain-batch.ts'
import { PreparedGraph } from '../../../../src/engine/graph/prepared-graph.ts'
import { BACKENDS_HERE } from '../../../oracle/backends.ts'
import { largestDifference, largestValue } from '../../../oracle/compare.ts'
import { asImages, FOLDER, goldenJson, importGolden, modelOf } from './golden-networks.ts'

const Values = z.array(z.number())
const Golden = z.record(
  z.string(),
  z.object({ x: Values, logits: Values, targets: Values, gradient: Values }),
)
type Golden = z.infer<typeof Golden>
const GOLDEN = Golden.parse(goldenJson('recurrent/recurrent.json'))
const CONSERVING = ['dtd', 'lrp_a2b1', 'lrp_eps:0.25']
const ROWS = 4

const imported = (name: string) => importGolden(`recurrent/${name}.onnx`, ROWS)

/** Logits and gradients of torch, and conservation in total and at every node. */
async function expectAgreement(network: ImportedNetwork, golden: Golden[string] | undefined): Promise<void> {
  if (golden === undefined) throw new Error('no golden values')
  const model = new PreparedGraph(modelOf('golden', network))
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
}

const LAYER = { name: 'layer', output: 'last' }
const LAYERS: [string, object][] = [
  ['lstm_two_ways', { layer: 'LSTM', num_layers: 2, bidirectional: true, ...LAYER }],
  ['gru', { layer: 'GRU', ...LAYER }],
  ['gru_two_ways', { layer: 'GRU', bidirectional: true, ...LAYER, output: 'states' }],
  ['rnn', { layer: 'RNN', nonlinearity: 'relu', num_layers: 2, ...LAYER }],
]

describe.each(BACKENDS_HERE)('recurrent layers, on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
  })

  it.each(Object.keys(GOLDEN))(
    'the ONNX network %s agrees with torch, and conserves relevance',
    async (name) => {
      await expectAgreement(imported(name), GOLDEN[name])
    },
  )

  it.each(LAYERS)('the state dictionary %s does so too', async (name, layer) => {
    const bytes = readFileSync(new URL(`recurrent/${name}.safetensors`, FOLDER))
    const layers = [layer, { layer: 'Linear', name: 'logits' }]
    const mapping = JSON.stringify({ input: [4, 8], layers })
    const network = importState(bytes, name, mapping, { range: [-1, 1], inSteps: true, rows: ROWS })
    await expectAgreement(network, GOLDEN[name])
  })
})

it.each(['lstm', 'gru'])('%s has the maps of the same network written out cell by cell', async (name) => {
  await useBackend('wasm')
  const { x = [], targets = [] } = GOLDEN[name] ?? {}
  const methods = ['sa', 'sa_const_gates', 'gi', 'dtd', 'lrp_a2b1', 'lrp_a1b0:plain', 'lrp_eps:0.25']
  const [node, cells] = await Promise.all(
    [name, `${name}_cells`].map(async (file) => {
      const network = imported(file)
      const model = new PreparedGraph(modelOf(file, network))
      const batch = { images: asImages(x, network.size), targets, sampleIndices: [0, 1, 2] }
      return explainBatch(model, batch, methods)
    }),
  )
  for (const method of methods) {
    const [found, expected] = [node, cells].map((each) => each?.methods.get(method)?.maps ?? [])
    expect(largestValue(expected ?? []), method).toBeGreaterThan(0)
    expect(largestDifference(found ?? [], expected ?? []), method).toBeLessThan(
      1e-5 * largestValue(expected ?? []),
    )
  }
})

it('keeps the weights of a layer once, and gives gates no relevance of their own', () => {
  const { graph, weights } = imported('lstm')
  const gates = graph.nodes.filter((node) => node.operation === 'gate')
  expect([...weights.keys()].filter((name) => name.includes('gates'))).toHaveLength(3)
  expect(gates.every(({ gate }) => gate.includes('gate '))).toBe(true)
  expect(gates).toHaveLength(4 * 3 - 1)
})
