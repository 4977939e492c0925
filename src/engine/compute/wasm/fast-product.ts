import type * as tf from '@tensorflow/tfjs-core'
import { replaceKernel } from '../replace-kernel.ts'
import type { KernelsOf } from './kernels.ts'
import { addressOf, type WasmBackend } from './memory.ts'

/** Floats beside the matrices: a panel of the right one and a block of six rows, each of eight columns. */
const scratchSize = (inner: number): number => 8 * (inner + 6)

/**
 * Multiplies matrices by fused multiply-adds, which TensorFlow.js was compiled without: these products are most of an explanation's
 * time on wasm, and take little more than half as long. What is no product of two plain matrices stays with TensorFlow.js.
 */
export function useFastProduct(kernelsOf: KernelsOf): void {
  replaceKernel('BatchMatMul', 'wasm', (general) => (call) => {
    const { a: left, b: right } = call.inputs
    if (!isPlain(left) || !isPlain(right) || isTransposed(call) || left.shape[1] !== right.shape[0]) {
      return general(call)
    }
    const backend = call.backend as WasmBackend
    const [rows, inner] = left.shape
    const [, columns] = right.shape
    const out = backend.makeOutput([rows, columns], 'float32')
    const scratch = backend.makeOutput([scratchSize(inner)], 'float32')
    const at = (tensor: tf.TensorInfo) => addressOf(backend, tensor)
    kernelsOf(backend).multiply(at(left), at(right), at(out), rows, inner, columns, at(scratch))
    backend.disposeData(scratch.dataId)
    return out
  })
}

type Plain = tf.TensorInfo & { shape: [number, number] }

function isPlain(tensor: tf.TensorInfo | undefined): tensor is Plain {
  return tensor?.dtype === 'float32' && tensor.shape.length === 2
}

function isTransposed({ attrs }: Parameters<tf.KernelFunc>[0]): boolean {
  return attrs?.['transposeA'] === true || attrs?.['transposeB'] === true
}
