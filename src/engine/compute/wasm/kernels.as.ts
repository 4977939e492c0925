// AssemblyScript, compiled to kernels.wasm by `npm run kernels`: all that runs in the memory of TensorFlow.js. Addresses are in bytes, values float32.

export { convolve } from './convolution.as'
export { scratchBytes, setShape } from './convolution-sizes.as'
export { kernelGradient } from './kernel-gradient.as'
export { pool, spread } from './pooling.as'
export { multiply } from './product.as'
export { sumAll, sumRows } from './sum.as'
export { timesStep } from './times-step.as'
