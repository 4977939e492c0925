import { seededGenerator } from '../../../src/shared/seeds.ts'
import { onnxBytes, type TestTensor } from '../../unit/exchange/networks/onnx-bytes.ts'

const generator = seededGenerator(1, 'a network of the tests')
const tensor = (name: string, shape: number[]): TestTensor & { data: number[] } => {
  const length = shape.reduce((product, size) => product * size, 1)
  return { name, shape, data: Array.from({ length }, () => generator.normal()) }
}

const LAST = tensor('last', [4, 10])
const FIRST = [tensor('kernel', [4, 1, 5, 5]), tensor('bias', [4])]

/** The bytes of {@link seenNetwork}'s last weights, in a file of their own. */
export const LAST_BYTES = new Uint8Array(Float32Array.from(LAST.data).buffer)

/** An ONNX network of three digits: a convolution, a mean over the image, ten classes, a Softmax. */
export function seenNetwork(last: 'inside' | 'beside'): Uint8Array {
  const beside: TestTensor = { name: 'last', shape: LAST.shape, external: { location: 'last.bin' } }
  return onnxBytes({
    input: ['batch', 1, 28, 84],
    nodes: [
      { operation: 'Conv', inputs: ['x', 'kernel', 'bias'], output: 'c', wholes: { strides: [4, 4] } },
      { operation: 'Relu', inputs: ['c'], output: 'r' },
      { operation: 'GlobalAveragePool', inputs: ['r'], output: 'm' },
      { operation: 'Flatten', inputs: ['m'], output: 'f' },
      { operation: 'MatMul', inputs: ['f', 'last'], output: 'logits' },
      { operation: 'Softmax', inputs: ['logits'], output: 'shares' },
    ],
    tensors: [...FIRST, last === 'inside' ? LAST : beside],
  })
}
