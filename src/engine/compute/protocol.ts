import type { BackendName, MapState } from '../../shared/names.ts'
import type { ErrorDetails, ErrorCode } from '../../shared/errors.ts'
import type { MapRegion } from '../metrics/regions.ts'
import type { MetricScore } from '../metrics/score.ts'

/** What a worker is started with. `auto` takes the fastest backend that loads. */
export interface WorkerStart {
  backend: BackendName | 'auto'
}

/** A batch of samples to be explained by one model with several methods; all share one forward pass. */
export interface ExplainTask {
  /** Key of the model's weights; the pool sends the file along when the worker does not hold it. */
  modelKey: string
  /** [N, rows, columns], float32. */
  input: Float32Array
  /** Class explained for each sample, or 'predicted'. */
  targets: Int32Array | 'predicted'
  methods: string[]
  /** Added to the seeds of random methods; and what names each sample in them. */
  seed: number
  sampleIds: number[]
  /** Regions by sample; without them nothing is scored. */
  regions: MapRegion[][] | null
  tau: number
}

/** A relevance map of one sample and method, with what was measured on it. */
export interface ExplainedMap {
  method: string
  /** Position of the sample in the task. */
  index: number
  /** [rows, columns] */
  values: Float32Array
  target: number
  logit: number
  /** Relevance it started with; null for methods that conserve nothing. */
  started: number | null
  total: number
  absolute: number
  low: number
  high: number
  /** |total - started| / started; null where nothing is to be conserved. */
  conservation: number | null
  state: MapState
  shares: number[]
  sharesPositive: number[]
  scores: MetricScore[]
}

export interface ExplainResult {
  /** [N, classes] */
  logits: Float32Array
  classes: number
  predicted: number[]
  maps: ExplainedMap[]
}

export type WorkerRequest =
  | { type: 'load'; key: string; file: Uint8Array }
  | { type: 'drop'; key: string }
  | { type: 'explain'; id: number; task: ExplainTask }

/** A HeatproofError in a form that crosses threads. */
export interface SentError extends Omit<ErrorDetails, 'cause'> {
  code: ErrorCode
}

export type WorkerResponse =
  | { type: 'ready'; backend: BackendName; device: string; threads: number }
  | { type: 'unavailable'; error: SentError }
  | { type: 'explained'; id: number; result: ExplainResult }
  | { type: 'failed'; id: number; error: SentError }
