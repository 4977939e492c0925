import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import util from 'node:util'
import * as tf from '@tensorflow/tfjs-core'
import { HeatproofError } from '../../shared/errors.ts'
import { BACKENDS, type BackendName } from '../../shared/names.ts'
import { tellAttributeNames } from './tensorflow-attributes.ts'
import { quietTensorFlow } from './tensorflow-environment.ts'
import { useFastKernels } from './wasm/fast-kernels.ts'
import { findGpu, loadWebGpu } from './webgpu.ts'

/** Whether a backend can be used here, and if not, why. */
export interface BackendStatus {
  readonly name: BackendName
  readonly available: boolean
  /** One line; empty when it is available. */
  readonly reason: string
  /** What it computes on; empty when it is not available. */
  readonly device: string
  /** Whether that is a GPU played by the processor: `auto` leaves it out, and so does what measures speed. */
  readonly software: boolean
}

/** The order in which `auto` tries them; of WebGPU it takes no adapter in software, which would be the slowest. */
const PREFERRED: readonly BackendName[] = ['tensorflow', 'webgpu', 'wasm']

const LOADERS: Readonly<Record<BackendName, () => Promise<void>>> = {
  tensorflow: loadTensorFlow,
  wasm: loadWasm,
  webgpu: loadWebGpu,
}

const loaded = new Map<BackendName, Promise<void>>()

/**
 * Makes a backend the one that this thread computes on.
 *
 * @param choice `auto`: native TensorFlow where it loads, else WebGPU where there is a real GPU, else wasm
 * @returns the backend in use
 * @throws HeatproofError `no_backend` with the reason why it cannot be used
 */
export async function useBackend(choice: BackendName | 'auto'): Promise<BackendName> {
  const reasons: string[] = []
  for (const name of choice === 'auto' ? PREFERRED : [choice]) {
    try {
      if (choice === 'auto' && name === 'webgpu') await requireHardware()
      await load(name)
      await tf.setBackend(name)
      await tf.ready()
      return name
    } catch (cause) {
      reasons.push(`${name}: ${reasonOf(cause)}`)
    }
  }
  throw new HeatproofError('no_backend', {
    found: reasons.join('; '),
    expected: choice === 'auto' ? 'a compute backend that loads' : `the backend ${choice}`,
    advice: 'Run `heatproof doctor` to see which backends are there, and choose one of them.',
  })
}

/** Tries every backend; the one in use stays in use. */
export async function availableBackends(): Promise<BackendStatus[]> {
  const used = tf.engine().backendName
  const statuses = await Promise.all(BACKENDS.map(statusOf))
  if (used) await tf.setBackend(used)
  return statuses
}

async function statusOf(name: BackendName): Promise<BackendStatus> {
  try {
    if (name !== 'webgpu') await load(name)
    return { name, available: true, reason: '', ...(await deviceOf(name)) }
  } catch (cause) {
    return { name, available: false, reason: reasonOf(cause), device: '', software: false }
  }
}

/** What a backend computes on. */
export async function deviceOf(name: BackendName): Promise<Pick<BackendStatus, 'device' | 'software'>> {
  if (name !== 'webgpu') return { device: 'CPU', software: false }
  const { name: device, software } = await findGpu()
  return { device, software }
}

async function requireHardware(): Promise<void> {
  const { name, software } = await findGpu()
  if (software) throw new Error(`${name} computes in software, which is used only when it is named`)
}

function load(name: BackendName): Promise<void> {
  const pending = loaded.get(name) ?? LOADERS[name]()
  loaded.set(name, pending)
  return pending
}

async function loadTensorFlow(): Promise<void> {
  // tfjs-node 4.22 still calls what Node 23 took away, and what Node 24 warns of (DEP0044).
  const legacy = util as { isNullOrUndefined?: (value: unknown) => boolean; isArray?: typeof Array.isArray }
  legacy.isNullOrUndefined ??= (value) => value === null || value === undefined
  legacy.isArray = Array.isArray
  quietTensorFlow()
  await import('@tensorflow/tfjs-node')
  tellAttributeNames()
}

async function loadWasm(): Promise<void> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm')
  const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')
  setWasmPaths(`${dirname(main)}/`)
  await useFastKernels()
}

/** The first line of an error's message. */
function reasonOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause)
  return message.split('\n', 1)[0] ?? ''
}
