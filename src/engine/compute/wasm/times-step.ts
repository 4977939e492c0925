import * as tf from '@tensorflow/tfjs-core'
import type { KernelsOf } from './kernels.ts'
import { addressOf, type WasmBackend } from './memory.ts'

/** The operation that {@link addTimesStep} adds; no other backend has it. */
const OPERATION = 'TimesStep'

/** `factor * step(x)`, of the same shape. */
export function timesStepOnWasm(factor: tf.Tensor2D, x: tf.Tensor2D): tf.Tensor2D {
  return tf.engine().runKernel(OPERATION, { factor, x })
}

/** As one operation: the step function alone would be written to memory, and read again. */
export function addTimesStep(kernelsOf: KernelsOf): void {
  tf.registerKernel({
    kernelName: OPERATION,
    backendName: 'wasm',
    kernelFunc: (call) => {
      const { factor, x } = call.inputs as { factor: tf.TensorInfo; x: tf.TensorInfo }
      const backend = call.backend as WasmBackend
      const out = backend.makeOutput(x.shape, 'float32')
      const count = x.shape.reduce((product, size) => product * size, 1)
      const of = (tensor: tf.TensorInfo) => addressOf(backend, tensor)
      kernelsOf(backend).timesStep(of(factor), of(x), of(out), count)
      return out
    },
  })
}
