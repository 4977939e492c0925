import type { Target } from '../../../shared/contract/runs.ts'
import type { MapAnalysisContent, NewMapAnalysis } from '../../workspace/map-analyses.ts'
import type { NewSample, SampleSource } from '../../workspace/samples.ts'

/**
 * Maps from elsewhere, with their samples and the answers of the network that they explain, whatever file they are in; or samples
 * alone, without methods: then nothing is said of a network.
 */
export interface ImportedMaps {
  /** Of the sample set: the name and the inputs are its identity. */
  name: string
  inputsSha256: string
  source: SampleSource
  count: number
  model: string
  /** Canonical ids, `import:…`; none where images come without maps. */
  methods: string[]
  target: Target
  tool: string | null
  /** Of all that is imported. */
  sha256: string
  warnings: string[]
  /** The samples from `first` on, with their maps, so many at a time. May be called again. */
  batches: (first: number, size: number) => AsyncIterable<ImportedBatch>
  /** What others have found out about the maps. */
  analyses: readonly NewMapAnalysis[]
  /** What they say of so many samples from `first` on. */
  analysisRows: (first: number, count: number) => ImportedAnalysisRow[]
}

/** @property sample of the batch */
export type ImportedAnalysisRow = MapAnalysisContent & { analysis: number; method: number; sample: number }

export interface ImportedBatch {
  samples: NewSample[]
  /** One a sample, none of images without maps; `logits` is empty where nobody stated them. */
  predictions: { predicted: number; logits: Float32Array }[]
  /** The class that is explained, one for each prediction. */
  targets: number[]
  /** By method, in the order of the methods: the map of each sample. */
  maps: Float32Array[][]
}
