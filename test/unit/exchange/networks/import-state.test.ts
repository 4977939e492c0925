import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { useBackend } from '../../../../src/engine/compute/backend.ts'
import { importNetwork } from '../../../../src/engine/exchange/networks/import-network.ts'
import {
  readSafetensors,
  writeSafetensors,
  type NamedTensor,
} from '../../../../src/engine/exchange/safetensors.ts'
import { explainBatch } from '../../../../src/engine/explainers/explain-batch.ts'
import { PreparedGraph } from '../../../../src/engine/graph/prepared-graph.ts'
import { BACKENDS_HERE } from '../../../oracle/backends.ts'
import { largestDifference, largestValue } from '../../../oracle/compare.ts'
import { FOLDER, goldenJson } from './golden-networks.ts'

const BYTES = readFileSync(new URL('chain.safetensors', FOLDER))
const Golden = z.record(z.string(), z.array(z.number()))
const { x = [], logits = [], targets = [], gradient = [] } = Golden.parse(goldenJson('chain.json'))
const LAYERS = [
  { layer: 'Conv2d', name: '0', stride: [1, 2], padding: 1 },
  { layer: 'BatchNorm', name: '1' },
  { layer: 'ReLU' },
  { layer: 'MaxPool2d', size: 2 },
  { layer: 'Conv2d', name: '4', dilation: [1, 2] },
  { layer: 'ELU' },
  { layer: 'AvgPool2d', size: [2, 1], stride: 1, padding: [1, 0] },
  { layer: 'LeakyReLU', slope: 0.2 },
  { layer: 'Flatten' },
  { layer: 'Linear', name: '9' },
  { layer: 'BatchNorm', name: '10' },
  { layer: 'Tanh' },
  { layer: 'Linear', name: '12' },
]
const mapping = (layers: readonly object[], input: readonly number[] = [1, 8, 12]) =>
  JSON.stringify({ input, layers })
const imported = (text: string, bytes: Uint8Array = BYTES) =>
  importNetwork({ name: 'chain.safetensors', bytes }, { range: [-1, 1] }, { mapping: text })

describe.each(BACKENDS_HERE)('a state dictionary with a mapping, on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
  })

  it('has the logits and gradients of torch, and conserves relevance', async () => {
    const model = new PreparedGraph((await imported(mapping(LAYERS))).model)
    const batch = { images: Float32Array.from(x), targets, sampleIndices: [0, 1, 2], checkNodes: true }
    const found = await explainBatch(model, batch, ['sa', 'dtd', 'lrp_eps:0.25'])
    model.dispose()
    expect(largestDifference(found.logits, logits)).toBeLessThan(1e-5 * largestValue(logits))
    const squares = gradient.map((value) => value ** 2)
    const sa = found.methods.get('sa')?.maps ?? []
    expect(largestDifference(sa, squares)).toBeLessThan(1e-5 * largestValue(squares))
    for (const method of ['dtd', 'lrp_eps:0.25']) {
      expect(Math.max(...(found.methods.get(method)?.conservation ?? [NaN])), method).toBeLessThan(1e-4)
    }
  })
})

it('folds each normalisation into the layer before it', async () => {
  const { report } = await imported(mapping(LAYERS))
  expect(report.operations['scale']).toBeUndefined()
  expect(report).toMatchObject({ format: 'PyTorch state dictionary', rows: 8, columns: 12, classes: 3 })
  expect(report.layers).toHaveLength(4)
})

const GRU = readFileSync(new URL('recurrent/gru.safetensors', FOLDER))
const LOGITS = { layer: 'Linear', name: 'logits' }
const { tensors } = readSafetensors(BYTES, 'chain')
const withTensor = (name: string, tensor: NamedTensor) =>
  writeSafetensors(new Map(tensors).set(name, tensor), {})

it.each<[string, string, Uint8Array, RegExp]>([
  ['no JSON', '{', BYTES, /a mapping that says at ''/],
  ['an unknown layer', mapping([{ layer: 'Transformer' }]), BYTES, /at 'layers\.0\.layer'/],
  ['an unknown option', mapping([{ layer: 'ReLU', inplace: true }]), BYTES, /at 'layers\.0'.*inplace/],
  [
    'a tensor that is missing',
    mapping([{ layer: 'Linear', name: 'fc' }]),
    BYTES,
    /no tensor 'fc\.weight' at layer 1 \(Linear\)/,
  ],
  [
    'a tensor of another rank',
    mapping([{ layer: 'Linear', name: '0' }]),
    BYTES,
    /'0\.weight' of shape \[4, 1, 3, 3\] at layer 1/,
  ],
  ['a layer too few', mapping(LAYERS.slice(1)), BYTES, /layer 1 \(BatchNorm\)/],
  [
    'a tensor that no layer reads',
    mapping(LAYERS),
    withTensor('extra', { shape: [1], data: Float32Array.of(1) }),
    /the tensor 'extra'/,
  ],
  [
    'an image of another size',
    mapping(LAYERS, [1, 12, 12]),
    BYTES,
    /'9\.weight' of shape \[20, 6\] at layer 10 \(Linear\)/,
  ],
  [
    'an option of a layer that it has not',
    mapping([{ layer: 'LSTM', name: 'rnn', proj_size: 2 }]),
    BYTES,
    /at 'layers\.0'.*proj_size/,
  ],
  [
    'a second layer that is missing',
    mapping([{ layer: 'GRU', name: 'layer', num_layers: 2 }, LOGITS], [4, 8]),
    GRU,
    /no tensor 'layer\.weight_hh_l1' at layer 1 \(GRU\)/,
  ],
  [
    'weights of another recurrent layer',
    mapping([{ layer: 'LSTM', name: 'layer' }, LOGITS], [4, 8]),
    GRU,
    /weights of the input of shape \[8, 9\] at layer 1 \(LSTM\).*\[8, 12\]/,
  ],
  [
    'one direction of two',
    mapping([{ layer: 'GRU', name: 'layer', output: 'last' }, LOGITS], [4, 8]),
    readFileSync(new URL('recurrent/gru_two_ways.safetensors', FOLDER)),
    /'logits\.weight' of shape \[6, 3\] at layer 2 \(Linear\)/,
  ],
  [
    'a layer that moves the batch',
    mapping([{ layer: 'Permute', dims: [1, 0] }]),
    BYTES,
    /axes that move the batch at layer 1 \(Permute\)/,
  ],
  ['a file cut off', mapping(LAYERS), BYTES.subarray(0, 900), /in chain\.safetensors/],
])('refuses %s', async (_, text, bytes, message) => {
  await expect(imported(text, bytes)).rejects.toThrow(message)
})
