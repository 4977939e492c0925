import { useFastConvolution } from './fast-convolution.ts'
import { useFastProduct } from './fast-product.ts'
import { useFastSplit } from './fast-split.ts'
import { useFastSum } from './fast-sum.ts'
import { loadKernels } from './kernels.ts'
import { addPooling } from './pooling.ts'
import { addTimesStep } from './times-step.ts'

/** Replaces the operations of the wasm backend that take most of the time, and adds what it lacks. */
export async function useFastKernels(): Promise<void> {
  const kernelsOf = await loadKernels()
  useFastProduct(kernelsOf)
  useFastConvolution(kernelsOf)
  useFastSum(kernelsOf)
  useFastSplit()
  addPooling(kernelsOf)
  addTimesStep(kernelsOf)
}
