import type { EngineEvent, Handlers, ProcedureName } from '../../shared/contract/contract.ts'
import type { Job } from '../../shared/contract/jobs.ts'
import type { Caller } from '../../shared/contract/reviewers.ts'
import type { FigureRequest } from '../../shared/contract/figures.ts'
import type { StatisticsRequest } from '../../shared/contract/statistics.ts'
import type { FigureFormat } from '../../shared/figures.ts'
import type { HeatproofError } from '../../shared/errors.ts'
import type { FigureLook } from '../figures/draw-figure.ts'

/** What is too large, or too binary, for a procedure. An id that nobody has: HeatproofError `not_found`. */
export interface BulkData {
  /** Relevance map as float32, little endian, rows x columns. */
  mapValues: (mapId: number) => Uint8Array | Promise<Uint8Array>
  /** Several of them, in the order of the ids, each after its length in bytes as uint32. */
  manyMapValues: (mapIds: readonly number[]) => Uint8Array | Promise<Uint8Array>
  /** What one map shows and another map of its sample does not, as float32, see `differenceMap`; other samples: `bad_argument`. */
  mapDifference: (mapId: number, otherId: number) => Uint8Array | Promise<Uint8Array>
  /** The map as a PNG on its own colour scale. */
  mapImage: (mapId: number) => Uint8Array | Promise<Uint8Array>
  /** Sample as float32 in [-1, 1], little endian, rows x columns. */
  sampleValues: (sampleId: number) => Uint8Array | Promise<Uint8Array>
  /** Several of them, as {@link manyMapValues} gives maps. */
  manySampleValues: (sampleIds: readonly number[]) => Uint8Array | Promise<Uint8Array>
  /** The model's weights as a safetensors file. */
  modelFile: (modelId: number) => Uint8Array | Promise<Uint8Array>
  /** A named figure as PNG, SVG or CSV. Who asks: without a word, the owner. */
  figure: (
    request: FigureRequest,
    format: FigureFormat,
    look: FigureLook,
    caller?: Caller,
  ) => Uint8Array | Promise<Uint8Array>
  /** Paired comparisons as CSV or LaTeX. */
  comparison: (request: StatisticsRequest, format: 'csv' | 'tex', caller?: Caller) => string | Promise<string>
  /** The numbers of a sanity check as CSV. */
  sanityTable: (checkId: number) => string | Promise<string>
}

/** One open workspace with everything that works on it. Hosts (server, child process, command line) use only this. */
export interface Engine {
  handlers: Handlers<ProcedureName>
  bulk: BulkData
  /** Calls the listener for every event until the returned function is called. */
  subscribe: (listener: (event: EngineEvent) => void) => () => void
  /** Whose token this is; undefined: nobody's, or no longer. */
  reviewerWith: (token: string) => Caller | undefined
  /** Notes that a reviewer has opened the app. */
  noteVisit: (name: string) => void
  /** Adds a folder, chosen by the user in a native dialog, that exports may be written to. */
  allowFolder: (folder: string) => void
  /** Reads in the background what filters and queues need, so that the first question waits less. */
  warmUp: () => void
  /** Resolves with the job when it is no longer queued or running. */
  waitFor: (jobId: number) => Promise<Job>
  /** Why a job has failed since the engine was opened. */
  failureOf: (jobId: number) => HeatproofError | undefined
  /** Stops jobs at a point from which they go on later, and closes the workspace. */
  close: () => Promise<void>
}
