import { expect, it } from 'vitest'
import { importOnnx } from '../../../../src/engine/exchange/onnx/import-onnx.ts'
import { errorOf } from '../../../support/errors.ts'
import { onnxBytes, type TestModel } from './onnx-bytes.ts'

const read = (model: TestModel) => importOnnx(onnxBytes(model), 'net.onnx', { range: [-1, 1], rows: 2 })
const wholes = (name: string, ...data: number[]) => ({ name, type: 7, shape: [data.length], data })
/** A last layer of two classes that reads so many values. */
const LAST: TestModel['nodes'][number] = { operation: 'MatMul', inputs: ['y', 'last'], output: 'logits' }
const last = (inputs: number) => ({
  name: 'last',
  shape: [inputs, 2],
  data: Array<number>(2 * inputs).fill(1),
})

it('takes parts of a value one behind the other', () => {
  const { graph } = read({
    input: ['batch', 6],
    nodes: [
      { operation: 'Split', inputs: ['x', 'sizes'], output: 'a', others: ['b'], wholes: { axis: [1] } },
      { operation: 'Concat', inputs: ['b', 'a'], output: 'y', wholes: { axis: [1] } },
      LAST,
    ],
    tensors: [wholes('sizes', 2, 4), last(6)],
  })
  expect(graph.nodes).toMatchObject([
    { operation: 'slice', start: 0, count: 2 },
    { operation: 'slice', start: 2, count: 4 },
    { operation: 'concat' },
    { operation: 'linear' },
  ])
})

it('turns what a slice reads from the end', () => {
  const { graph } = read({
    input: ['batch', 6],
    nodes: [{ operation: 'Slice', inputs: ['x', 'start', 'end', 'axis', 'step'], output: 'y' }, LAST],
    tensors: [wholes('start', -1), wholes('end', -9), wholes('axis', 1), wholes('step', -2), last(3)],
  })
  expect(graph.nodes).toMatchObject([
    { operation: 'slice', start: 1, count: 3, stride: 2 },
    { operation: 'reverse', axis: 0 },
    { operation: 'linear' },
  ])
})

it('refuses a constant that differs from sample to sample', () => {
  const model: TestModel = {
    input: ['batch', 2],
    nodes: [{ operation: 'Add', inputs: ['x', 'w'], output: 'y' }],
    tensors: [{ name: 'w', shape: [3, 2], data: [1, 2, 3, 4, 5, 6] }],
  }
  expect(errorOf(() => read(model)).message).toMatch(
    /a constant of shape \[3, 2\].*the same one for every sample/,
  )
})
