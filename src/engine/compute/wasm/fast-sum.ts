import type * as tf from '@tensorflow/tfjs-core'
import { replaceKernel } from '../replace-kernel.ts'
import type { KernelsOf } from './kernels.ts'
import { addressOf, type WasmBackend } from './memory.ts'

/**
 * Sums the columns of matrices where they lie: the gradients of biases are such sums. TensorFlow.js turns the matrix first, which takes
 * three times as long. Other sums stay with it.
 */
export function useFastSum(kernelsOf: KernelsOf): void {
  replaceKernel('Sum', 'wasm', (general) => (call) => {
    const { x } = call.inputs
    const { axis, keepDims } = call.attrs as unknown as tf.SumAttrs & { keepDims?: boolean }
    const [rows, columns] = x?.shape ?? []
    const isColumns = x?.shape.length === 2 && [axis].flat().join() === '0' && !keepDims
    if (x?.dtype !== 'float32' || rows === undefined || columns === undefined || !isColumns) {
      return general(call)
    }
    const backend = call.backend as WasmBackend
    const out = backend.makeOutput([columns], 'float32')
    kernelsOf(backend).sumRows(addressOf(backend, x), addressOf(backend, out), rows, columns)
    return out
  })
}
