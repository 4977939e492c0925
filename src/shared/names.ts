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

/** Networks from elsewhere: `graph` is computed here; of an `external` one the workspace has maps and answers alone. */
export const FOREIGN_ARCHITECTURES = ['graph', 'external'] as const
export type ForeignArchitecture = (typeof FOREIGN_ARCHITECTURES)[number]
export type ModelArchitecture = ArchitectureName | ForeignArchitecture

export function isForeign(architecture: ModelArchitecture): architecture is ForeignArchitecture {
  return FOREIGN_ARCHITECTURES.some((foreign) => foreign === architecture)
}

/** Whether the workspace has the network itself, not its maps alone, so that it can be explained by more methods. */
export function isComputable({ architecture }: { architecture: ModelArchitecture }): boolean {
  return architecture !== 'external'
}

/** Items that stand side by side in a sequence. */
export const ITEM_COUNTS = [1, 2, 3, 4, 5, 6, 7, 8] as const
export type ItemCount = (typeof ITEM_COUNTS)[number]

/** Data sets of majority sequences: of MNIST digits or Fashion-MNIST items. */
export type DatasetName = `mnist-${ItemCount}-digits-maj` | `fashion-mnist-${ItemCount}-items-maj`

/** What each data set is called where people read it. */
export const DATASETS = Object.fromEntries([
  ...ITEM_COUNTS.map((n) => [`mnist-${n}-digits-maj`, `MNIST, majority of ${n} digit${n === 1 ? '' : 's'}`]),
  ...ITEM_COUNTS.map((n) => [
    `fashion-mnist-${n}-items-maj`,
    `Fashion-MNIST, majority of ${n} item${n === 1 ? '' : 's'}`,
  ]),
]) as Readonly<Record<DatasetName, string>>

export const DATASET_NAMES = Object.keys(DATASETS) as DatasetName[]
/** The reference experiments' data set. */
export const DEFAULT_DATASET: DatasetName = 'mnist-3-digits-maj'

/** Items side by side in a sequence of the data set. */
export function itemsOfDataset(dataset: DatasetName): ItemCount {
  return ITEM_COUNTS.find((items) => dataset.includes(`-${items}-`)) ?? 3
}

/** Whether Heatproof makes the data set itself. */
export function isBuiltIn(dataset: string): boolean {
  return DATASET_NAMES.some((name) => name === dataset)
}

/** Whether the data set is made of Fashion-MNIST's garments; else of MNIST's digits. */
export function isFashion(dataset: string): boolean {
  return dataset.startsWith('fashion-mnist-')
}

/** What a network learned from: the labels of its sequences, or the same labels in random order, as a control. */
export const LABELS = ['true', 'random'] as const
export type LabelsName = (typeof LABELS)[number]

export interface ModelNameParts {
  architecture: ArchitectureName
  /** Trained with one dropout mask a sequence instead of one a step (suffix `-SD`). */
  stationaryDropout: boolean
  /** Default: true. Random ones are stated by the suffix `-random-labels`. */
  labels?: LabelsName
  dataset: string
  /** Steps T in which the network reads the sequence. */
  steps: number
  fold: number
}

const STATIONARY = '-SD'
const RANDOM_LABELS = '-random-labels'

function suffixes(stationaryDropout: boolean, labels: LabelsName = 'true'): [string, string] {
  return [stationaryDropout ? STATIONARY : '', labels === 'random' ? RANDOM_LABELS : '']
}

/** Prints e.g. `deep-mnist-3-digits-maj-seq-12-fold-5` or `rlstm-SD-mnist-3-digits-maj-seq-12-fold-1`. */
export function printModelName(parts: ModelNameParts): string {
  const [stationary, random] = suffixes(parts.stationaryDropout, parts.labels)
  return `${parts.architecture}${stationary}-${parts.dataset}-seq-${parts.steps}-fold-${parts.fold}${random}`
}

/** Parses what {@link printModelName} prints. @throws HeatproofError `bad_argument` */
export function parseModelName(name: string): ModelNameParts & { labels: LabelsName } {
  const match = /^([a-z0-9_]+?)(-SD)?-([a-z0-9-]+)-seq-([1-9]\d*)-fold-([1-9]\d*)(-random-labels)?$/.exec(
    name,
  )
  const architecture = ARCHITECTURE_NAMES.find((known) => known === match?.[1])
  const [, , suffix, dataset, steps, fold, random] = match ?? []
  if (architecture === undefined || dataset === undefined) {
    throw new HeatproofError('bad_argument', {
      found: `the model name '${name}'`,
      expected:
        'ARCHITECTURE[-SD]-DATASET-seq-STEPS-fold-FOLD[-random-labels], e.g. deep-mnist-3-digits-maj-seq-12-fold-5',
      advice: `Use one of the architectures ${ARCHITECTURE_NAMES.join(', ')}.`,
    })
  }
  return {
    architecture,
    stationaryDropout: suffix !== undefined,
    labels: random === undefined ? 'true' : 'random',
    dataset,
    steps: Number(steps),
    fold: Number(fold),
  }
}

/** Architecture as people read it, e.g. `R-LSTM-SD` or `Deep, random labels`. */
export function architectureLabel(
  architecture: ArchitectureName,
  stationaryDropout = false,
  labels: LabelsName = 'true',
): string {
  const [stationary] = suffixes(stationaryDropout)
  return ARCHITECTURES[architecture] + stationary + (labels === 'random' ? ', random labels' : '')
}

/** Models that filters and figures take together, e.g. `rlstm`, `rlstm-SD`, `deep-random-labels`. */
export interface ArchitectureKind {
  architecture: ArchitectureName
  stationaryDropout: boolean
  labels: LabelsName
}

export function architectureKey({ architecture, stationaryDropout, labels }: ArchitectureKind): string {
  return [architecture, ...suffixes(stationaryDropout, labels)].join('')
}

/** What filters and figures take a model for: its {@link architectureKey}; a network from elsewhere stands for itself. */
export function modelKey(model: {
  architecture: ModelArchitecture
  stationaryDropout: boolean
  labels: LabelsName
  name: string
}): string {
  const { architecture, stationaryDropout, labels, name } = model
  if (!isForeign(architecture)) return architectureKey({ architecture, stationaryDropout, labels })
  return parseArchitectureKey(name) === null ? name : `${name} (imported)`
}

/** A model's architecture as people read it; a network from elsewhere has its own name. */
export function modelLabel(model: Parameters<typeof modelKey>[0]): string {
  return architectureKeyLabel(modelKey(model))
}

/** Parses what {@link architectureKey} gives; null for other text. */
export function parseArchitectureKey(key: string): ArchitectureKind | null {
  const labels = key.endsWith(RANDOM_LABELS) ? 'random' : 'true'
  const bare = labels === 'random' ? key.slice(0, -RANDOM_LABELS.length) : key
  const stationaryDropout = bare.endsWith(STATIONARY)
  const name = stationaryDropout ? bare.slice(0, -STATIONARY.length) : bare
  const architecture = ARCHITECTURE_NAMES.find((known) => known === name)
  return architecture === undefined ? null : { architecture, stationaryDropout, labels }
}

/** What people read for an {@link architectureKey}; other text as it is. */
export function architectureKeyLabel(key: string): string {
  const kind = parseArchitectureKey(key)
  return kind === null ? key : architectureLabel(kind.architecture, kind.stationaryDropout, kind.labels)
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

/**
 * How the verdicts of several reviewers become one. `majority`: what more than half of them say; `unanimous`: what all of them say;
 * `any`: one `fail` is enough, else one `accept`.
 */
export const CONSENSUS_RULES = ['majority', 'unanimous', 'any'] as const
export type ConsensusRule = (typeof CONSENSUS_RULES)[number]

export const VERDICTS = ['accept', 'fail', 'unsure'] as const
export type Verdict = (typeof VERDICTS)[number]

/** Share metrics. `_positive` variants set negative pixels to 0 first. */
export const SHARE_METRICS = [
  'percentage',
  'capped_percentage',
  'cosine',
  'dominance',
  'percentage_positive',
  'capped_percentage_positive',
  'cosine_positive',
  'dominance_positive',
] as const
export type ShareMetricName = (typeof SHARE_METRICS)[number]

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

/** Metrics that look at single pixels. */
export const PIXEL_METRICS = [...STROKE_METRICS, ...SPARSENESS_METRICS] as const
export type PixelMetricName = (typeof PIXEL_METRICS)[number]

/** The metrics that a workspace keeps of every map. */
export const METRICS = [...SHARE_METRICS, ...PIXEL_METRICS] as const
export type MetricName = (typeof METRICS)[number]

/** Metrics of what the model says when patches turn black: most relevant first, least relevant first, in random order. */
export const FLIPPING_METRICS = ['aopc_morf', 'aopc_lerf', 'aopc_random'] as const
export type FlippingMetricName = (typeof FLIPPING_METRICS)[number]

/** How far two maps of one sample agree. */
export const AGREEMENT_METRICS = ['spearman', 'pearson', 'top_overlap', 'ssim'] as const
export type AgreementMetricName = (typeof AGREEMENT_METRICS)[number]

/** How far the map of a model with other weights is still the same; `spearman_absolute` compares the maps without their signs. */
export const SANITY_METRICS = ['spearman', 'spearman_absolute', 'ssim', 'top_overlap'] as const
export type SanityMetricName = (typeof SANITY_METRICS)[number]

/**
 * `ok`; `out_of_range`: the value is kept but lies outside [0, 1]; `no_relevance`: the map's total is 0;
 * `undefined`: the metric has no value for this map.
 */
export const SCORE_STATES = ['ok', 'out_of_range', 'no_relevance', 'undefined'] as const
export type ScoreState = (typeof SCORE_STATES)[number]

/** State of a relevance map beside its values. */
export const MAP_STATES = ['ok', 'no_evidence', 'not_conserved', 'warning'] as const
export type MapState = (typeof MAP_STATES)[number]

/** How a weight file names and orders its tensors: as this program does, or as PyTorch's modules do. */
export const WEIGHT_LAYOUTS = ['heatproof', 'pytorch'] as const
export type WeightLayout = (typeof WEIGHT_LAYOUTS)[number]

/** Whether an image is [channels, rows, columns] or [rows, columns, channels]. */
export const CHANNEL_ORDERS = ['first', 'last'] as const
export type ChannelOrder = (typeof CHANNEL_ORDERS)[number]

/** What a map explains: the sample's label; else what the model wrongly predicted; else a class that is neither. */
export const EXPLAINED = ['label', 'predicted', 'other'] as const
export type Explained = (typeof EXPLAINED)[number]

export const BACKENDS = ['tensorflow', 'webgpu', 'wasm'] as const
export type BackendName = (typeof BACKENDS)[number]

/** The cap on a share before any calibration. */
export const DEFAULT_TAU = 0.8
