import { expect, it } from 'vitest'
import { importOnnx } from '../../../../src/engine/exchange/onnx/import-onnx.ts'
import type { ReadBeside } from '../../../../src/engine/exchange/onnx/onnx-tensor.ts'
import { errorOf } from '../../../support/errors.ts'
import { onnxBytes, type TestModel, type TestNode } from './onnx-bytes.ts'

const W = { name: 'w', shape: [6, 2], data: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] }
const FLATTEN: TestNode = { operation: 'Flatten', inputs: ['x'], output: 'flat' }
const DENSE: TestNode = { operation: 'MatMul', inputs: ['flat', 'w'], output: 'logits' }
const GOOD: TestModel = { nodes: [FLATTEN, DENSE], tensors: [W] }
const after = (node: TestNode): TestModel => ({ ...GOOD, nodes: [FLATTEN, DENSE, node] })

const read = (bytes: Uint8Array, beside?: ReadBeside) =>
  importOnnx(bytes, 'net.onnx', { range: [-1, 1] }, beside)

it('reads the file that the others are changed from', () => {
  const { graph, size } = read(onnxBytes(GOOD))
  expect(graph.nodes.map(({ operation }) => operation)).toEqual(['reshape', 'linear'])
  expect(size).toEqual({ rows: 2, columns: 3, channels: 1, steps: 1 })
})

it.each<[string, TestModel, RegExp]>([
  [
    'an unknown operation',
    after({ operation: 'Einsum', inputs: ['logits'], output: 'y' }),
    /the operation 'Einsum' at node 'the Einsum' \(Einsum\) of net\.onnx; expected one of Add, AveragePool/,
  ],
  [
    'an operation of another maker',
    after({ operation: 'FusedGemm', domain: 'com.microsoft', inputs: ['logits'], output: 'y' }),
    /'com\.microsoft\.FusedGemm' of node 'the FusedGemm'/,
  ],
  [
    'a loop',
    after({ operation: 'Loop', graph: 'body', inputs: ['logits'], output: 'y' }),
    /'Loop' of node 'the Loop'.*unrolled/s,
  ],
  [
    'a cycle',
    {
      nodes: [
        { operation: 'Relu', inputs: ['b'], output: 'a' },
        { operation: 'Relu', inputs: ['a'], output: 'b' },
      ],
    },
    /'b', which is only made later: a cycle/,
  ],
  [
    'a value that nothing makes',
    { nodes: [{ operation: 'Relu', inputs: ['nowhere'], output: 'a' }] },
    /'nowhere', which nothing makes/,
  ],
  ['a tensor that is missing', { ...GOOD, tensors: [] }, /'w', which nothing makes/],
  [
    'a tensor of another shape',
    { ...GOOD, tensors: [{ ...W, shape: [4, 3] }] },
    /tensor 'w' of shape \[4, 3\] at node 'the MatMul' \(MatMul\).*\[6, units\]/,
  ],
  [
    'fewer values than a shape claims',
    { ...GOOD, tensors: [{ ...W, shape: [6, 3] }] },
    /48 bytes of data in the tensor 'w'.*72 for the shape \[6, 3\]/,
  ],
  [
    '4 GB claimed',
    { ...GOOD, tensors: [{ ...W, shape: [32768, 32768] }] },
    /48 bytes of data.*4294967296 for the shape/,
  ],
  ['a negative size', { ...GOOD, tensors: [{ ...W, shape: [-6, 2] }] }, /the shape \[-6, 2\]/],
  [
    'NaN',
    { ...GOOD, tensors: [{ ...W, data: W.data.with(3, NaN) }] },
    /NaN at index 3 of the tensor.*'w' of net\.onnx/,
  ],
  ['float16', { ...GOOD, tensors: [{ ...W, type: 10 }] }, /the data type 10/],
  [
    'a constant of 10^12 numbers',
    {
      nodes: [{ operation: 'ConstantOfShape', inputs: ['sizes'], output: 'zeros' }, FLATTEN],
      tensors: [{ name: 'sizes', type: 7, shape: [2], data: [1_000_000, 1_000_000] }],
    },
    /a constant of shape \[1000000, 1000000\]/,
  ],
  ['an old opset', { ...GOOD, opset: 6 }, /version 6 \(opset\).*from 7 to 26/],
  ['an opset of the future', { ...GOOD, opset: 99 }, /version 99/],
  [
    'a dynamic size',
    { ...GOOD, input: ['batch', 1, 'rows', 3] },
    /axis 2 has the size 'rows'.*dynamic shape/,
  ],
  ['a batch of 8', { ...GOOD, input: [8, 1, 2, 3] }, /for batches of 8/],
  [
    'four axes',
    { ...GOOD, input: [1, 3, 2, 3, 2] },
    /\[3, 2, 3, 2\] as the input 'x'.*rows and columns, and channels/,
  ],
  [
    'a product of two values',
    after({ operation: 'Mul', inputs: ['logits', 'logits'], output: 'y' }),
    /none of them a gate at node 'the Mul'/,
  ],
  [
    'an output whose batch is another axis',
    {
      ...GOOD,
      nodes: [{ operation: 'Transpose', inputs: ['x'], output: 'y', wholes: { perm: [1, 0, 2, 3] } }],
    },
    /an output 'y' whose axis 1 is the batch.*\[batch, classes\]/,
  ],
  [
    'a reshape that tears the values of a sample apart',
    {
      input: ['batch', 3, 2],
      nodes: [
        { operation: 'Transpose', inputs: ['x'], output: 'turned', wholes: { perm: [1, 0, 2] } },
        { operation: 'Reshape', inputs: ['turned', 'w'], output: 'y' },
      ],
      tensors: [{ name: 'w', type: 7, shape: [2], data: [-1, 6] }],
    },
    /a reshape to \[-1, 6\] of a value \[3, batch, 2\]/,
  ],
  [
    'a reshape over the batch',
    {
      ...GOOD,
      nodes: [{ operation: 'Reshape', inputs: ['x', 'w'], output: 'y' }],
      tensors: [{ name: 'w', type: 7, shape: [2], data: [3, -1] }],
    },
    /a reshape to \[3, -1\] of a value \[batch, 1, 2, 3\] at node 'the Reshape'/,
  ],
  [
    'a window over images whose batch is another axis',
    {
      ...GOOD,
      nodes: [
        { operation: 'Transpose', inputs: ['x'], output: 't', wholes: { perm: [1, 0, 2, 3] } },
        { operation: 'GlobalMaxPool', inputs: ['t'], output: 'y' },
      ],
    },
    /a value whose axis 1 is the batch at node 'the GlobalMaxPool'.*batch_first=True/,
  ],
  [
    'a sum of values whose batches are on different axes',
    {
      ...GOOD,
      nodes: [
        { operation: 'Transpose', inputs: ['x'], output: 't', wholes: { perm: [1, 0, 2, 3] } },
        { operation: 'Add', inputs: ['t', 'x'], output: 'y' },
      ],
    },
    /batches are on different axes at node 'the Add'/,
  ],
  ['nothing', { nodes: [] }, /no graph in net\.onnx/],
  [
    'an output that does not depend on the image',
    { nodes: [{ operation: 'Identity', inputs: ['w'], output: 'y' }], tensors: [W] },
    /does not depend on the image/,
  ],
])('refuses %s', (_, model, message) => {
  expect(errorOf(() => read(onnxBytes(model))).message).toMatch(message)
})

const EXTERNAL = { name: 'w', shape: [6, 2], external: { location: 'w.bin' } }
const BYTES = new Uint8Array(Float32Array.from(W.data).buffer)

it('reads weights from a file beside the model', () => {
  const model = onnxBytes({ ...GOOD, tensors: [EXTERNAL] })
  const { weights } = read(model, (location) => (location === 'w.bin' ? BYTES : undefined))
  expect([...(weights.get('w')?.data ?? [])]).toEqual(W.data)
})

it.each([
  ['is missing', 'w.bin', undefined, /'w\.bin', which is missing/],
  ['is too short', 'w.bin', BYTES.subarray(0, 40), /40 bytes of data/],
  ['lies outside', '../w.bin', BYTES, /the path "\.\.\/w\.bin"/],
  ['has an absolute path', '/etc/passwd', BYTES, /the path "\/etc\/passwd"/],
])('refuses weights in a file that %s', (_, location, bytes, message) => {
  const model = onnxBytes({ ...GOOD, tensors: [{ ...EXTERNAL, external: { location } }] })
  expect(errorOf(() => read(model, () => bytes)).message).toMatch(message)
})

it('refuses every beginning of a file, and what is no ONNX', () => {
  const whole = onnxBytes(GOOD)
  for (let length = 0; length < whole.length; length += 7) {
    expect(errorOf(() => read(whole.subarray(0, length))).code).toBe('bad_file')
  }
  for (const text of ['PK\u0003\u0004', '\u0080\u0002}q', '{"a": 1}', '<html>']) {
    expect(errorOf(() => read(new TextEncoder().encode(text))).code).toBe('bad_file')
  }
})
