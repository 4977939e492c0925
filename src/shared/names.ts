import { HeatproofError } from './errors.ts'

/** The architectures of the method card. `label` is what people read; colours and markers in figures follow this order. */
export const ARCHITECTURES = {
  shallow: 'Shallow',
  deep: 'Deep',
  deep_v2: 'DeepV2',
  convdeep: 'ConvDeep',
  convdeep_lateral: 'Conv+Deep',
  rlstm: 'R-LSTM',
  convrlstm: 'ConvR-LSTM',
  convrlstm_lateral: 'Conv+R-LSTM',
} as const

export type ArchitectureName = keyof typeof ARCHITECTURES
export const ARCHITECTURE_NAMES = Object.keys(ARCHITECTURES) as ArchitectureName[]

export const DATASETS = {
  'mnist-3-digits-maj': 'MNIST, majority of 3 digits',
  'fashion-mnist-3-items-maj': 'Fashion-MNIST, majority of 3 items',
} as const

export type DatasetName = keyof typeof DATASETS
export const DATASET_NAMES = Object.keys(DATASETS) as DatasetName[]

export interface ModelNameParts {
  architecture: ArchitectureName
  /** Trained with one dropout mask a sequence instead of one a step (suffix `-SD`). */
  stationaryDropout: boolean
  dataset: string
  /** Steps T in which the network reads the sequence. */
  steps: number
  fold: number
}

/** Prints e.g. `deep-mnist-3-digits-maj-seq-12-fold-5` or `rlstm-SD-mnist-3-digits-maj-seq-12-fold-1`. */
export function printModelName(parts: ModelNameParts): string {
  const architecture = parts.architecture + (parts.stationaryDropout ? '-SD' : '')
  return `${architecture}-${parts.dataset}-seq-${parts.steps}-fold-${parts.fold}`
}

/** Parses what {@link printModelName} prints. @throws HeatproofError `bad_argument` */
export function parseModelName(name: string): ModelNameParts {
  const match = /^([a-z0-9_]+?)(-SD)?-([a-z0-9-]+)-seq-([1-9]\d*)-fold-([1-9]\d*)$/.exec(name)
  const architecture = ARCHITECTURE_NAMES.find((known) => known === match?.[1])
  const [, , suffix, dataset, steps, fold] = match ?? []
  if (architecture === undefined || dataset === undefined) {
    throw new HeatproofError('bad_argument', {
      found: `the model name '${name}'`,
      expected: 'ARCHITECTURE[-SD]-DATASET-seq-STEPS-fold-FOLD, e.g. deep-mnist-3-digits-maj-seq-12-fold-5',
      advice: `Use one of the architectures ${ARCHITECTURE_NAMES.join(', ')}.`,
    })
  }
  return {
    architecture,
    stationaryDropout: suffix !== undefined,
    dataset,
    steps: Number(steps),
    fold: Number(fold),
  }
}

/** Architecture as people read it, e.g. `R-LSTM-SD`. */
export function architectureLabel(architecture: ArchitectureName, stationaryDropout = false): string {
  return ARCHITECTURES[architecture] + (stationaryDropout ? '-SD' : '')
}

/** Folds of the cross-validation: fold f validates on a fifth of the training images. */
export const FOLDS = 5

/** Failure modes that a reviewer can flag; key `1` is the first. */
export const FAILURE_MODES = [
  'single_item_dominance',
  'odd_item_focus',
  'recency_bias',
  'background_leak',
  'step_artifact',
  'diffuse',
  'negative_evidence',
  'no_relevance',
  'other',
] as const
export type FailureMode = (typeof FAILURE_MODES)[number]

export const VERDICTS = ['accept', 'fail', 'unsure'] as const
export type Verdict = (typeof VERDICTS)[number]

/** Share metrics. `_positive` variants set negative pixels to 0 first. */
export const METRICS = [
  'percentage',
  'capped_percentage',
  'cosine',
  'dominance',
  'percentage_positive',
  'capped_percentage_positive',
  'cosine_positive',
  'dominance_positive',
] as const
export type MetricName = (typeof METRICS)[number]

/** Metrics of a map against the strokes of the majority items. */
export const STROKE_METRICS = [
  'mass_accuracy',
  'mass_accuracy_signed',
  'rank_accuracy',
  'pointing_game',
  'stroke_auc',
] as const
export type StrokeMetricName = (typeof STROKE_METRICS)[number]

/** Metrics of how concentrated a map is, wherever it is. */
export const SPARSENESS_METRICS = ['gini', 'entropy'] as const
export type SparsenessMetricName = (typeof SPARSENESS_METRICS)[number]

/** Metrics of what the model says when patches turn black: most relevant first, least relevant first, in random order. */
export const FLIPPING_METRICS = ['aopc_morf', 'aopc_lerf', 'aopc_random'] as const
export type FlippingMetricName = (typeof FLIPPING_METRICS)[number]

/** How far two maps of one sample agree. */
export const AGREEMENT_METRICS = ['spearman', 'pearson', 'top_overlap', 'ssim'] as const
export type AgreementMetricName = (typeof AGREEMENT_METRICS)[number]

/**
 * `ok`; `out_of_range`: the value is kept but lies outside [0, 1]; `no_relevance`: the map's total is 0;
 * `undefined`: the metric has no value for this map.
 */
export const SCORE_STATES = ['ok', 'out_of_range', 'no_relevance', 'undefined'] as const
export type ScoreState = (typeof SCORE_STATES)[number]

/** State of a relevance map beside its values. */
export const MAP_STATES = ['ok', 'no_evidence', 'not_conserved', 'warning'] as const
export type MapState = (typeof MAP_STATES)[number]

export const BACKENDS = ['tensorflow', 'webgpu', 'wasm'] as const
export type BackendName = (typeof BACKENDS)[number]

/** The cap on a share before any calibration. */
export const DEFAULT_TAU = 0.8
