import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type * as tf from '@tensorflow/tfjs-core'

/** What the operations of this folder use of the backend. */
export type WasmBackend = Pick<BackendWasm, 'dataIdMap' | 'makeOutput' | 'disposeData'> & {
  /** The memory stays the same object while it grows. */
  readonly wasm: { readonly asm: { readonly memory: WebAssembly.Memory } }
}

/** Where a tensor's values begin in the memory, in bytes. */
export function addressOf({ dataIdMap }: WasmBackend, { dataId }: tf.TensorInfo): number {
  return dataIdMap.get(dataId).memoryOffset
}
