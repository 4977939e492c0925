import type * as tf from '@tensorflow/tfjs-core'
import { replaceKernel } from '../replace-kernel.ts'
import type { KernelsOf } from './kernels.ts'
import { addressOf, type WasmBackend } from './memory.ts'

/**
 * Sums all values of a tensor, and the columns of matrices, where they lie: the check of what activations get is the one, the gradients of
 * biases are the other. TensorFlow.js adds value by value, and turns the matrix first: it takes three to five times as long. Other sums
 * stay with it.
 */
export function useFastSum(kernelsOf: KernelsOf): void {
  replaceKernel('Sum', 'wasm', (general) => (call) => {
    const { x } = call.inputs
    const { axis, keepDims } = call.attrs as Partial<tf.SumAttrs & { keepDims: boolean }>
    if (x?.dtype !== 'float32' || keepDims) return general(call)
    const backend = call.backend as WasmBackend
    const values = addressOf(backend, x)
    const axes = [axis ?? []].flat()
    const [rows, columns] = x.shape
    if (axes.length === 0) {
      const out = backend.makeOutput([], 'float32')
      const count = x.shape.reduce((product, size) => product * size, 1)
      kernelsOf(backend).sumAll(values, addressOf(backend, out), count)
      return out
    }
    if (rows !== undefined && columns !== undefined && x.shape.length === 2 && axes.join() === '0') {
      const out = backend.makeOutput([columns], 'float32')
      kernelsOf(backend).sumRows(values, addressOf(backend, out), rows, columns)
      return out
    }
    return general(call)
  })
}
