import * as tf from '@tensorflow/tfjs-core'
import { HeatproofError } from '../../shared/errors.ts'
import { useExactSoftplus } from './exact-softplus.ts'
import { useRepeatableProducts } from './repeatable-products.ts'

/** What WebGPU would compute on. */
export interface Gpu {
  /** The adapter's name and driver, e.g. `nvidia geforce rtx 3060, NVIDIA 550.54`. */
  readonly name: string
  /** Whether the processor only plays a GPU, which is slower than the other backends. */
  readonly software: boolean
}

/** What bounds a batch on a GPU. */
export interface GpuLimits {
  /** Bytes of the largest tensor. */
  readonly largestTensor: number
  /** Rows that one kernel can be started for. */
  readonly mostRows: number
}

/**
 * Looks for a GPU; changes nothing.
 *
 * @throws Error with the reason why there is none
 */
export async function findGpu(): Promise<Gpu> {
  const { adapter } = await openAdapter()
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info
  const name = device || [vendor, architecture].join(' ')
  return {
    name: [name.replaceAll('-', ' ').trim(), description].filter((part) => part !== '').join(', '),
    software: isFallbackAdapter,
  }
}

/**
 * Makes the GPU the backend of this thread, which gets the globals of a browser's WebGPU.
 *
 * @throws Error with the reason why there is none
 */
export async function loadWebGpu(): Promise<void> {
  const { gpu, globals } = await openAdapter()
  Object.assign(globalThis, globals)
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true })
  await import('@tensorflow/tfjs-backend-webgpu')
  useExactSoftplus()
  useRepeatableProducts()
  if (!(await tf.setBackend('webgpu'))) throw new Error('the GPU is there, but does not open')
  watch(deviceInUse())
}

/** The first error of the GPU in this thread. */
let failure: HeatproofError | undefined

/** After an error of the device its values could be wrong: it is given up, and gives none any more. */
function watch(device: GPUDevice): void {
  const fail = (what: string, message: string) => {
    failure ??= new HeatproofError('internal', {
      found: `a GPU that ${what}: ${message.split('\n', 1)[0] ?? ''}`,
      expected: 'it to compute',
      advice: 'Resume the job; if it stays, choose another backend.',
    })
  }
  device.addEventListener('uncapturederror', ({ error }) => {
    fail('reported an error', error.message)
    // Not at once: Dawn holds its lock while it tells of an error, and would wait for itself.
    setImmediate(() => {
      device.destroy()
    })
  })
  void device.lost.then(({ reason, message }) => {
    if (reason !== 'destroyed') fail('was lost', message)
  })
}

/** Why the GPU gives no values any more; undefined while it does. */
export function gpuFailure(): HeatproofError | undefined {
  return failure
}

/** What the device in use can hold and start; undefined where no GPU is in use. */
export function gpuLimits(): GpuLimits | undefined {
  if (tf.getBackend() !== 'webgpu') return undefined
  const { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupsPerDimension } =
    deviceInUse().limits
  return {
    largestTensor: Math.min(maxBufferSize, maxStorageBufferBindingSize),
    mostRows: maxComputeWorkgroupsPerDimension,
  }
}

/**
 * Gives the GPU up: what waits for its values fails. A thread that ends while something still waits takes the process
 * with it, so this comes first.
 */
export function releaseGpu(): void {
  deviceInUse().destroy()
}

function deviceInUse(): GPUDevice {
  return (tf.backend() as tf.KernelBackend & { device: GPUDevice }).device
}

async function openAdapter(): Promise<{ gpu: GPU; globals: object; adapter: GPUAdapter }> {
  requireVulkan()
  const { create, globals } = await import('webgpu')
  const gpu = create([])
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (adapter === null) throw new Error('no GPU whose driver supports WebGPU')
  return { gpu, globals, adapter }
}

/** Without Vulkan's loader, which every driver on Linux comes with, Dawn would complain on the console. */
function requireVulkan(): void {
  if (process.platform !== 'linux') return
  try {
    process.dlopen({ exports: {} }, 'libvulkan.so.1')
  } catch (error) {
    // It is no addon of Node: that it could be opened is all there is to know.
    if (String(error).includes('cannot open')) {
      throw new Error('no Vulkan driver (libvulkan.so.1)', { cause: error })
    }
  }
}
