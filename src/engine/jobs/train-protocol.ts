import type { CurvePoint, TrainRequest } from '../../shared/contract/runs.ts'
import type { BackendName } from '../../shared/names.ts'
import type { SentError } from '../compute/protocol.ts'
import type { DatasetLocation } from '../data/datasets.ts'

export interface TrainWorkerData {
  request: TrainRequest
  backend: BackendName | 'auto'
  location: DatasetLocation
  /** Bytes of the checkpoint to go on from. */
  checkpoint: Uint8Array | null
}

export type TrainWorkerMessage =
  | { type: 'progress'; point: CurvePoint; totalSteps: number; epochs: number }
  | { type: 'checkpoint'; state: Uint8Array }
  /** `file` is the safetensors file; `accuracy` that on the whole test split. */
  | { type: 'trained'; file: Uint8Array; accuracy: number }
  | { type: 'failed'; error: SentError }

/** The only message to the worker: stop after a last checkpoint. */
export const STOP = 'stop'
