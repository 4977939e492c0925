import * as tf from '@tensorflow/tfjs-core'
import { replaceKernel } from './replace-kernel.ts'

/** From so many products in a sum on, TensorFlow.js may split it among workgroups that add in any order. */
const LONG_SUM = 2000
const PROGRAM = 'WEBGPU_MATMUL_PROGRAM_TYPE'
/** TensorFlow.js chooses the program. */
const ANY = -1
/** Its packed program, which adds in one order. */
const PACKED = 3

/**
 * Lets equal products of matrices on WebGPU have equal bits, long sums too: otherwise a training that was resumed would not end with the
 * weights of one that never stopped. Convolutions are such products where TensorFlow.js thinks it faster.
 */
export function useRepeatableProducts(): void {
  replaceKernel(tf.BatchMatMul, 'webgpu', (general) => (call) => {
    const { a } = call.inputs
    const [rows = 0, columns = 0] = a?.shape.slice(-2) ?? []
    return inOneOrder(general, call, call.attrs?.['transposeA'] === true ? rows : columns)
  })
  replaceKernel(tf.Conv2D, 'webgpu', (general) => (call) => {
    const [height = 0, width = 0, channels = 0] = call.inputs['filter']?.shape ?? []
    return inOneOrder(general, call, height * width * channels)
  })
}

function inOneOrder(
  general: tf.KernelFunc,
  call: Parameters<tf.KernelFunc>[0],
  products: number,
): ReturnType<tf.KernelFunc> {
  if (products < LONG_SUM) return general(call)
  tf.env().set(PROGRAM, PACKED)
  try {
    return general(call)
  } finally {
    tf.env().set(PROGRAM, ANY)
  }
}
