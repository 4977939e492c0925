import type { AgreementMetricName, BackendName, MapState, SanityMetricName } from '../../shared/names.ts'
import type { ErrorDetails, ErrorCode } from '../../shared/errors.ts'
import type { MapChecks } from '../../shared/contract/common.ts'
import type { MapRegion } from '../metrics/regions.ts'
import type { MeasuredMap } from '../metrics/measure-map.ts'
import type { MapToMeasure } from '../metrics/measure-task.ts'
import type { MetricScore } from '../metrics/score.ts'

/** What a worker is started with. `auto` takes the fastest backend that loads. */
export interface WorkerStart {
  backend: BackendName | 'auto'
}

/** A batch of samples to be explained by one model with several methods; all share one forward pass. */
export interface ExplainTask {
  /** Key of the model's weights; the pool sends the file along when the worker does not hold it. */
  modelKey: string
  /** [N, rows, columns, channels], float32. */
  input: Float32Array
  /** Class explained for each sample, or 'predicted'. */
  targets: Int32Array | 'predicted'
  methods: string[]
  /** Names each sample in seeded methods, so that its map does not depend on the batch. */
  sampleIndices: number[]
  /** Regions of each sample, for the shares. */
  regions: MapRegion[][]
  /** Whether conservation is checked at every node of the tape. */
  checkNodes?: boolean
}

/** A relevance map of one sample and method, with what was measured on it. */
export interface ExplainedMap {
  method: string
  /** Position of the sample in the task. */
  index: number
  /** [rows, columns] */
  values: Float32Array
  /** The class that is explained. */
  target: number
  logit: number
  /** What its sum is held to: the relevance it started with, or for `ig` the difference of f; null: nothing. */
  started: number | null
  total: number
  absolute: number
  low: number
  high: number
  /** How far `total` and what was kept are from `started`, see `MethodMaps`; null where they are held to nothing. */
  conservation: number | null
  state: MapState
  checks: MapChecks
  shares: number[]
  sharesPositive: number[]
  /** Scores by pixel; absent without regions. */
  pixelScores?: MeasuredMap['pixelScores']
}

export interface ExplainResult {
  /** [N, classes] */
  logits: Float32Array
  classes: number
  maps: ExplainedMap[]
}

/** Maps that are to be measured again from their values and their sample's input. */
export interface MeasureTask {
  maps: MapToMeasure[]
}

/** Pairs of maps of one sample whose likeness is to be measured. */
export interface CompareTask {
  pairs: { a: Float32Array; b: Float32Array }[]
  columns: number
}

/** One list a pair, in the order of `SANITY_METRICS`. */
export type CompareResult = MetricScore<SanityMetricName>[][]

/** Pairs of maps of one sample each whose agreement is to be measured. */
export interface AgreeTask {
  pairs: { a: Float32Array; b: Float32Array; columns: number }[]
}

/** One list a pair, in the order of `AGREEMENT_METRICS`, by a tenth of the pixels. */
export type AgreeResult = MetricScore<AgreementMetricName>[][]

/** What a worker can be asked, and what it answers. */
export interface WorkerCalls {
  explain: { task: ExplainTask; result: ExplainResult }
  measure: { task: MeasureTask; result: MeasuredMap[] }
  compare: { task: CompareTask; result: CompareResult }
  agree: { task: AgreeTask; result: AgreeResult }
}
export type WorkerCall = keyof WorkerCalls

export type WorkerRequest =
  | { type: 'load'; key: string; file: Uint8Array }
  | { type: 'drop'; key: string }
  | { type: 'call'; id: number; call: 'explain'; task: ExplainTask }
  | { type: 'call'; id: number; call: 'measure'; task: MeasureTask }
  | { type: 'call'; id: number; call: 'compare'; task: CompareTask }
  | { type: 'call'; id: number; call: 'agree'; task: AgreeTask }
  /** Give the GPU up and end. */
  | { type: 'close' }

/** A HeatproofError in a form that crosses threads. */
export interface SentError extends Omit<ErrorDetails, 'cause'> {
  code: ErrorCode
}

export type WorkerResponse =
  | { type: 'ready'; backend: BackendName; device: string }
  | { type: 'unavailable'; error: SentError }
  | { type: 'result'; id: number; result: WorkerCalls[WorkerCall]['result'] }
  | { type: 'failed'; id: number; error: SentError }
