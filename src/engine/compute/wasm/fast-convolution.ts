import * as tf from '@tensorflow/tfjs-core'
import { replaceKernel } from '../replace-kernel.ts'
import type { Kernels, KernelsOf } from './kernels.ts'
import { addressOf, type WasmBackend } from './memory.ts'

/**
 * Convolves with stride 1 by fused multiply-adds, which TensorFlow.js was compiled without, and adds the gradient of a kernel, which it
 * lacks on wasm. Other strides and dilated kernels stay with it.
 */
export function useFastConvolution(kernelsOf: KernelsOf): void {
  replaceKernel(tf.Conv2D, 'wasm', (general) => (call) => {
    const { x, filter } = call.inputs as Inputs<tf.Conv2DInputs>
    const attributes = call.attrs as unknown as tf.Conv2DAttrs
    const info = sizesOf(x, filter.shape, attributes)
    if (!isPlain(info)) return general(call)
    return compute(kernelsOf, 'convolve', info, [x, filter], call.backend as WasmBackend)
  })
  tf.registerKernel({
    kernelName: tf.Conv2DBackpropFilter,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { x, dy } = inputs as Inputs<tf.Conv2DBackpropFilterInputs>
      const attributes = attrs as unknown as tf.Conv2DBackpropFilterAttrs
      const info = sizesOf(x, attributes.filterShape, attributes)
      if (!isPlain(info)) throw new RangeError('the gradient of a kernel needs channels last and stride 1')
      return compute(kernelsOf, 'kernelGradient', info, [x, dy], backend as WasmBackend)
    },
  })
}

/** Those that TensorFlow.js has checked to be there. */
type Inputs<Named> = Record<keyof Named, tf.TensorInfo>
type Shape = [number, number, number, number]
type Sizes = tf.backend_util.Conv2DInfo

function sizesOf(
  x: tf.TensorInfo,
  kernel: number[],
  {
    strides,
    pad,
    dimRoundingMode,
    ...more
  }: Omit<tf.Conv2DBackpropFilterAttrs, 'filterShape'> & Partial<tf.Conv2DAttrs>,
): Sizes {
  const format = tf.backend_util.convertConv2DDataFormat(more.dataFormat)
  return tf.backend_util.computeConv2DInfo(
    x.shape as Shape,
    kernel as Shape,
    strides,
    more.dilations ?? 1,
    pad,
    dimRoundingMode,
    false,
    format,
  )
}

function isPlain({ dataFormat, strideHeight, strideWidth, dilationHeight, dilationWidth }: Sizes): boolean {
  const steps = [strideHeight, strideWidth, dilationHeight, dilationWidth]
  return dataFormat === 'channelsLast' && steps.every((step) => step === 1)
}

/** @param inputs images, and a kernel or the gradients of outputs */
function compute(
  kernelsOf: KernelsOf,
  operation: 'convolve' | 'kernelGradient',
  sizes: Sizes,
  [images, other]: readonly [tf.TensorInfo, tf.TensorInfo],
  backend: WasmBackend,
): tf.TensorInfo {
  const kernels = kernelsOf(backend)
  setShape(kernels, sizes)
  const out = backend.makeOutput(operation === 'convolve' ? sizes.outShape : sizes.filterShape, 'float32')
  const scratch = backend.makeOutput([kernels.scratchBytes() / 4], 'float32')
  const at = (tensor: tf.TensorInfo) => addressOf(backend, tensor)
  kernels[operation](at(images), at(other), at(out), sizes.batchSize, at(scratch))
  backend.disposeData(scratch.dataId)
  return out
}

function setShape(kernels: Kernels, sizes: Sizes): void {
  kernels.setShape(
    sizes.inHeight,
    sizes.inWidth,
    sizes.inChannels,
    sizes.filterHeight,
    sizes.filterWidth,
    sizes.outChannels,
    sizes.padInfo.top,
    sizes.padInfo.left,
    sizes.outHeight,
    sizes.outWidth,
  )
}
