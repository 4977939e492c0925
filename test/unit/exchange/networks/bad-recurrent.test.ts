import { expect, it } from 'vitest'
import { importOnnx } from '../../../../src/engine/exchange/onnx/import-onnx.ts'
import { errorOf } from '../../../support/errors.ts'
import { onnxBytes, type TestModel, type TestNode, type TestTensor } from './onnx-bytes.ts'

/*
 * A node with 2 units that reads 3 steps of 2 pixels; everything else is changed from it. (What is no whole number and no list
 * of texts, as a clip, is written as a list.)
 */

const zeros = (name: string, ...shape: number[]): TestTensor => ({
  name,
  shape,
  data: Array<number>(shape.reduce((total, size) => total * size, 1)).fill(0),
})
const TENSORS = [zeros('W', 1, 8, 2), zeros('R', 1, 8, 2), zeros('B', 1, 16)]
const CELL: TestNode = {
  operation: 'LSTM',
  inputs: ['x', 'W', 'R', 'B'],
  output: '',
  others: ['last'],
  wholes: { hidden_size: [2], layout: [1] },
}
const TAKE: TestNode = { operation: 'Squeeze', inputs: ['last', 'axis'], output: 'logits' }

function network(changes: Partial<TestNode>, tensors: TestTensor[] = [], model: Partial<TestModel> = {}) {
  const all = [...tensors, ...TENSORS].filter(
    ({ name }, index, list) => list.findIndex((other) => other.name === name) === index,
  )
  const nodes = [{ ...CELL, ...changes }, TAKE]
  const axis: TestTensor = { name: 'axis', type: 7, shape: [1], data: [1] }
  return { input: ['batch', 3, 2], nodes, tensors: [...all, axis], ...model }
}

const read = (model: TestModel) =>
  importOnnx(onnxBytes(model), 'net.onnx', { range: [-1, 1], inSteps: true, rows: 2 })
const withWholes = (wholes: Record<string, number[]>) => ({ wholes: { ...CELL.wholes, ...wholes } })
const inputs = (...more: string[]) => ({ inputs: ['x', 'W', 'R', 'B', ...more] })

it('reads the node that the others are changed from', () => {
  expect(read(network({})).classes).toBe(2)
})

it.each<[string, TestModel, RegExp]>([
  [
    'an unknown activation',
    network({ texts: { activations: ['Sigmoid', 'Softsign', 'Tanh'] } }),
    /the activations Sigmoid, Softsign, Tanh at node 'the LSTM' \(LSTM\) of net\.onnx; expected 1 x 3: Sigmoid/,
  ],
  [
    'gates that are no sigmoid',
    network({ texts: { activations: ['HardSigmoid', 'Tanh', 'Tanh'] } }),
    /the activations HardSigmoid, Tanh, Tanh/,
  ],
  [
    'an Affine that changes values',
    network({
      texts: { activations: ['Sigmoid', 'Tanh', 'Affine'] },
      floats: { activation_alpha: [2], activation_beta: [0] },
    }),
    /the activations Sigmoid, Tanh, Affine.*alpha 1 and beta 0/,
  ],
  ['activations for two directions', network({ texts: { activations: ['Sigmoid'] } }), /1 x 3/],
  ['a clip', network({ floats: { clip: [3] } }), /the attribute clip at node 'the LSTM'/],
  ['gates that share', network(withWholes({ input_forget: [1] })), /input_forget = 1/],
  ['another direction', network({ text: { direction: 'upwards' } }), /the direction 'upwards'/],
  [
    'peepholes',
    network(inputs('', '', '', 'P'), [{ name: 'P', shape: [1, 6], data: [0, 0, 0, 1, 0, 0] }]),
    /peepholes \(the input P\)/,
  ],
  [
    'shorter sequences',
    network(inputs('lengths'), [{ name: 'lengths', type: 7, shape: [1], data: [2] }]),
    /a sequence of 2 steps \(sequence_lens\).*all 3 steps/,
  ],
  [
    'a state for each sample',
    network(inputs('', 'h'), [zeros('h', 4, 1, 2)]),
    /an initial state of shape \[4, 1, 2\].*1 x 2 values, the same ones for every sample/,
  ],
  [
    'a state that depends on the image',
    network(inputs('', 'x')),
    /input 5, which depends on the image.*a constant/,
  ],
  [
    'W of another shape',
    network({}, [zeros('W', 1, 8, 5)]),
    /weights of the input of shape \[5, 8\].*\[2, 8\]/,
  ],
  ['W of other units', network({}, [zeros('W', 1, 6, 2)]), /the input W of shape \[1, 6, 2\].*\[1, 8, 2\]/],
  ['R of another shape', network({}, [zeros('R', 1, 8, 3)]), /the input R of shape \[1, 8, 3\].*\[1, 8, 2\]/],
  ['B of another shape', network({}, [zeros('B', 1, 8)]), /the input B of shape \[1, 8\].*\[1, 16\]/],
  ['B that is one list', network({}, [zeros('B', 16)]), /the input B of shape \[16\]/],
  ['two directions with weights of one', network({ text: { direction: 'bidirectional' } }), /\[2, 8, 2\]/],
  ['no weights', network({ inputs: ['x', 'W'] }), /no input 2/],
  [
    'steps before the batch',
    network(withWholes({ layout: [0] })),
    /a sequence \[batch, 3, 2\] for layout = 0.*\[steps, batch, inputs\].*batch_first=True/,
  ],
  [
    'an image of rows, columns and a channel',
    network({}, [], { input: ['batch', 3, 2, 1] }),
    /a sequence \[batch, 3, 2, 1\].*\[batch, steps, inputs\]/,
  ],
  [
    'no units',
    network({ wholes: { layout: [1], hidden_size: [0] } }, [
      zeros('W', 1, 0, 2),
      zeros('R', 1, 0, 0),
      zeros('B', 1, 0),
    ]),
    /the input W of shape \[1, 0, 2\]/,
  ],
  [
    'layers of more operations than a graph may have',
    {
      ...network({}, [], { input: ['batch', 1000, 2] }),
      nodes: Array.from({ length: 12 }, () => CELL),
    },
    /more than 100000 operations, step by step, at node 'the LSTM'.*fewer steps/,
  ],
  [
    'too many steps',
    network({}, [], { input: ['batch', 1001, 2] }),
    /values of shape \[batch, 1001, 2\] at node.*at most 1000 steps/,
  ],
])('refuses %s', (_, model, message) => {
  expect(errorOf(() => read(model)).message).toMatch(message)
})
