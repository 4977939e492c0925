import { expect, it } from 'vitest'
import { importOnnx } from '../../../../src/engine/exchange/onnx/import-onnx.ts'
import { onnxBytes, type TestModel } from './onnx-bytes.ts'

const ZERO = { name: 'zero', shape: [2], data: [0, 0] }
const WEIGHT = { name: 'w', shape: [2, 2], data: [1, 2, 3, 4] }

/** The operations of `a - b`, and of a layer behind it. */
function differenceOf(a: string, b: string): string[] {
  const model: TestModel = {
    input: ['batch', 2],
    nodes: [
      { operation: 'Sub', inputs: [a, b], output: 'difference' },
      { operation: 'MatMul', inputs: ['difference', 'w'], output: 'y' },
    ],
    tensors: [ZERO, WEIGHT],
  }
  const { graph } = importOnnx(onnxBytes(model), 'net.onnx', { range: [-1, 1], rows: 2 })
  return graph.nodes.flatMap((node) =>
    node.operation === 'linear' ? node.terms.map(({ kind }) => kind) : [],
  )
}

it('adds no sum where zeros are taken away, and turns the sign where zeros are what it is taken from', () => {
  expect(differenceOf('x', 'zero')).toEqual(['dense'])
  expect(differenceOf('zero', 'x')).toEqual(['scale', 'dense'])
})
