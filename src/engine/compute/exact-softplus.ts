import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import { replaceKernel } from './replace-kernel.ts'

/**
 * Lets the processor compute the softplus of values that are not on the GPU yet, as raw biases are when a model is
 * prepared. WGSL promises the logarithm only to 2^-21, which leaves four of the seven digits of a bias of -.01; the relevance of a unit that is nearly off would show it.
 */
export function useExactSoftplus(): void {
  replaceKernel('Softplus', 'webgpu', (onGpu) => (call) => {
    const { x } = call.inputs
    const backend = call.backend as Pick<WebGPUBackend, 'tensorMap' | 'makeTensorInfo'>
    const values = x && backend.tensorMap.get(x.dataId).values
    if (!(values instanceof Float32Array)) return onGpu(call)
    return backend.makeTensorInfo(x?.shape ?? [], 'float32', values.map(softplus))
  })
}

function softplus(value: number): number {
  return Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)))
}
