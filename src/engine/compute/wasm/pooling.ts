import * as tf from '@tensorflow/tfjs-core'
import type { Kernels, KernelsOf } from './kernels.ts'
import { addressOf, type WasmBackend } from './memory.ts'

/** One image; [rows, height * width * channels] are many. */
interface Extent {
  readonly height: number
  readonly width: number
  readonly channels: number
}

/** The operations that {@link addPooling} adds; no other backend has them. */
const OPERATIONS = { pool: 'PoolWindows', spread: 'SpreadWindows' } as const

/** Twice the average of every 2x2 window: [rows, values of the extent] -> [rows, values of the pooled extent]. */
export function poolOnWasm(images: tf.Tensor2D, extent: Extent): tf.Tensor2D {
  return tf.engine().runKernel(OPERATIONS.pool, { from: images }, { ...extent })
}

/** The transpose of {@link poolOnWasm}: [rows, values of the pooled extent] -> [rows, values of the extent]. */
export function spreadOnWasm(pooled: tf.Tensor2D, extent: Extent): tf.Tensor2D {
  return tf.engine().runKernel(OPERATIONS.spread, { from: pooled }, { ...extent })
}

/** As one operation each. TensorFlow.js takes twice as long to average windows, and its operations write every value three times to spread them. */
export function addPooling(kernelsOf: KernelsOf): void {
  const half = (side: number) => Math.ceil(side / 2)
  add(kernelsOf, 'pool', ({ height, width, channels }) => half(height) * half(width) * channels)
  add(kernelsOf, 'spread', ({ height, width, channels }) => height * width * channels)
}

function add(
  kernelsOf: KernelsOf,
  operation: keyof typeof OPERATIONS & keyof Kernels,
  sizeOf: (extent: Extent) => number,
): void {
  tf.registerKernel({
    kernelName: OPERATIONS[operation],
    backendName: 'wasm',
    kernelFunc: (call) => {
      const { from } = call.inputs as { from: tf.TensorInfo }
      const extent = call.attrs as unknown as Extent
      const backend = call.backend as WasmBackend
      const [rows = 0] = from.shape
      const out = backend.makeOutput([rows, sizeOf(extent)], 'float32')
      const { height, width, channels } = extent
      kernelsOf(backend)[operation](
        addressOf(backend, from),
        addressOf(backend, out),
        rows,
        height,
        width,
        channels,
      )
      return out
    },
  })
}
