import * as tf from '@tensorflow/tfjs-core'

/**
 * Replaces an operation of a backend.
 *
 * @param replacement gets the operation that was there, for what it leaves to it
 */
export function replaceKernel(
  kernelName: string,
  backendName: string,
  replacement: (general: tf.KernelFunc) => tf.KernelFunc,
): void {
  const kernel = tf.getKernel(kernelName, backendName)
  tf.unregisterKernel(kernelName, backendName)
  tf.registerKernel({ ...kernel, kernelFunc: replacement(kernel.kernelFunc) })
}
