import { readFile } from 'node:fs/promises'
import type { WasmBackend } from './memory.ts'

/** Of kernels.as.ts. Addresses and `scratch` are in bytes. */
export interface Kernels {
  readonly multiply: (
    ...args: [
      left: number,
      right: number,
      out: number,
      rows: number,
      inner: number,
      columns: number,
      scratch: number,
    ]
  ) => void
  readonly setShape: (
    ...sizes: [
      height: number,
      width: number,
      channels: number,
      kernelRows: number,
      kernelColumns: number,
      units: number,
      top: number,
      left: number,
      outHeight: number,
      outWidth: number,
    ]
  ) => void
  readonly scratchBytes: () => number
  readonly convolve: ConvolutionKernel
  readonly kernelGradient: ConvolutionKernel
  readonly pool: PoolingKernel
  readonly spread: PoolingKernel
  readonly sumAll: (...args: [values: number, out: number, count: number]) => void
  readonly sumRows: (...args: [matrix: number, out: number, rows: number, columns: number]) => void
  readonly timesStep: (...args: [factor: number, x: number, out: number, count: number]) => void
}

type ConvolutionKernel = (
  ...args: [images: number, other: number, out: number, count: number, scratch: number]
) => void

type PoolingKernel = (
  ...args: [from: number, out: number, count: number, height: number, width: number, channels: number]
) => void

/** Gives the kernels that compute in the memory of a backend. */
export type KernelsOf = (backend: WasmBackend) => Kernels

/** Compiles the kernels; they are bound to the memory at their first use, when TensorFlow.js has made it. */
export async function loadKernels(): Promise<KernelsOf> {
  const module = await WebAssembly.compile(await readFile(new URL('kernels.wasm', import.meta.url)))
  let kernels: Kernels | undefined
  return ({ wasm }) => {
    kernels ??= new WebAssembly.Instance(module, { env: { memory: wasm.asm.memory } })
      .exports as unknown as Kernels
    return kernels
  }
}
