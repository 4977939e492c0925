import { z } from 'zod'
import { LABELS } from '../names.ts'
import {
  AnyArchitecture,
  Architecture,
  Dataset,
  Empty,
  Fold,
  Hash,
  Id,
  Instant,
  MethodId,
  Metric,
  Seed,
  SetSplit,
  Split,
} from './common.ts'
import { ModelFile, NetworkReport } from './model-files.ts'

export const SampleSet = z.object({
  id: Id,
  name: z.string(),
  dataset: z.string(),
  split: SetSplit,
  fold: z.int(),
  count: z.int(),
  seed: Seed,
  createdAt: Instant,
})
export type SampleSet = z.infer<typeof SampleSet>

export const ModelSummary = z.object({
  id: Id,
  name: z.string(),
  architecture: AnyArchitecture,
  stationaryDropout: z.boolean(),
  /** As people read it, e.g. `R-LSTM-SD`. */
  label: z.string(),
  dataset: z.string(),
  steps: z.int(),
  fold: z.int(),
  items: z.int(),
  sha256: Hash,
  /** Share of right answers on the test split, null when it was never measured. */
  accuracy: z.number().nullable(),
  trained: z.boolean(),
  origin: z.enum(['shipped', 'trained', 'imported']),
  createdAt: Instant,
  metadata: z.record(z.string(), z.string()),
})
export type ModelSummary = z.infer<typeof ModelSummary>

/** Which class is explained: the sample's label, what the model predicts, or for all samples the class with this number. */
export type Target = 'label' | 'predicted' | number
export const Target = z.custom<Target>(isTarget, 'label, predicted or the number of a class')

function isTarget(value: unknown): boolean {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 && value < 2 ** 31
  return value === 'label' || value === 'predicted'
}

/** A target as text, e.g. `label` or `7`; text that is none stays as it is, for {@link Target} to refuse. */
export function targetOfText(text: string): string | number {
  return /^\d{1,10}$/.test(text) ? Number(text) : text
}

export const Run = z.object({
  id: Id,
  title: z.string(),
  sampleSet: SampleSet,
  models: z.array(Id),
  methods: z.array(MethodId),
  target: Target,
  seed: Seed,
  backend: z.string().nullable(),
  device: z.string().nullable(),
  /** Names and versions of what computed it. */
  versions: z.record(z.string(), z.string()),
  /** Sequences that it explains: the first of its sample set, which may have grown by other runs. */
  sequences: z.int(),
  maps: z.int(),
  mapsExpected: z.int(),
  seconds: z.number().nullable(),
  jobId: Id.nullable(),
  /** Whether its maps were brought from elsewhere and not computed. */
  imported: z.boolean(),
  createdAt: Instant,
  finishedAt: Instant.nullable(),
})
export type Run = z.infer<typeof Run>

export const MatrixCell = z.object({
  modelId: Id,
  method: MethodId,
  maps: z.int(),
  /** Mean of the chosen metric over its defined values, null without any. */
  mean: z.number().nullable(),
  outOfRange: z.int(),
  undefined: z.int(),
  reviewed: z.int(),
  flagged: z.int(),
  /** Maps that explain another class than the label and the prediction; all other numbers leave them out. */
  otherClass: z.int(),
})

/** One of several parts of a run, each of which another machine computes: every `of`-th sequence. */
export const Shard = z
  .object({ index: z.int().min(1), of: z.int().min(1).max(10_000) })
  .refine(({ index, of }) => index <= of, 'a part between 1 and the number of parts')
export type Shard = z.infer<typeof Shard>

export const RunRequest = z.object({
  modelIds: z.array(Id).min(1).max(100),
  methods: z.array(MethodId).min(1).max(50),
  dataset: Dataset,
  split: Split.default('test'),
  fold: Fold.default(1),
  count: z.int().min(1).max(100_000),
  seed: Seed.default(0),
  target: Target.default('label'),
  /** Absent: all of it. */
  shard: Shard.optional(),
})
export type RunRequest = z.infer<typeof RunRequest>

/** Maps of the samples of a set that somebody brought, of models that read inputs of their size. */
export const SetRunRequest = RunRequest.pick({
  modelIds: true,
  methods: true,
  count: true,
  target: true,
}).extend({
  sampleSetId: Id,
})
export type SetRunRequest = z.infer<typeof SetRunRequest>

/** The size of an input. */
const InputSize = z.object({
  rows: z.int(),
  columns: z.int(),
  /** Values of a pixel. */
  channels: z.int(),
})
export type InputSize = z.infer<typeof InputSize>

export const RunEstimate = z.object({
  maps: z.int(),
  /** Maps of the request that are there already. */
  present: z.int(),
  /** null until something was measured on this machine. */
  seconds: z.number().nullable(),
  bytes: z.int(),
})
export type RunEstimate = z.infer<typeof RunEstimate>

export const TrainRequest = z.object({
  architecture: Architecture,
  stationaryDropout: z.boolean().default(false),
  dataset: Dataset,
  /** Must divide the columns of a sequence, 28 an item. */
  steps: z.int().min(1).max(224).default(12),
  fold: Fold.default(1),
  epochs: z.int().min(1).max(1000).default(14),
  batch: z.int().min(1).max(2000).default(50),
  learningRate: z.number().positive().max(1).default(1e-3),
  /** Where the cosine schedule ends; equal to learningRate: constant. */
  finalLearningRate: z.number().positive().max(1).default(5e-5),
  dropoutKeep: z.number().min(0.05).max(1).default(0.8),
  /** Training sequences an epoch; absent: all of the fold. */
  count: z.int().min(1).optional(),
  /** `random`: every sequence gets the label of another one, by a seeded permutation; a control that learns no evidence. */
  labels: z.enum(LABELS).default('true'),
  seed: Seed.default(0),
})
export type TrainRequest = z.infer<typeof TrainRequest>

export const CurvePoint = z.object({
  epoch: z.number(),
  step: z.int(),
  loss: z.number(),
  accuracy: z.number(),
  /** Accuracy on the validation part, at the end of an epoch. */
  validation: z.number().nullable(),
})
export type CurvePoint = z.infer<typeof CurvePoint>

/** What deleting a run would take away. */
export const RunRemoval = z.object({
  /** Maps that would go, and those of them that stay since another run needs them too. */
  maps: z.int(),
  needed: z.int(),
  /** Space of the maps that would go. */
  bytes: z.int(),
  /** Whether the workspace file becomes smaller; otherwise its space is used for new maps. */
  shrinks: z.boolean(),
  /** Why the run cannot be deleted; null: it can. */
  refusal: z.object({ found: z.string(), expected: z.string(), advice: z.string() }).nullable(),
})
export type RunRemoval = z.infer<typeof RunRemoval>

export const runsContract = {
  'runs.matrix': {
    input: z.object({ metric: Metric }),
    output: z.object({
      models: z.array(ModelSummary),
      methods: z.array(MethodId),
      cells: z.array(MatrixCell),
    }),
  },
  'runs.list': { input: Empty, output: z.array(Run) },
  'runs.get': { input: z.object({ id: Id }), output: Run },
  'runs.estimate': { input: RunRequest, output: RunEstimate },
  'runs.start': { input: RunRequest, output: z.object({ runId: Id, jobId: Id }) },
  /** What runs on imported sets can be made of: the sets, and what the models read. */
  'runs.inputs': {
    input: Empty,
    output: z.object({
      /** Sets whose inputs all have one size. */
      sets: z.array(InputSize.extend({ id: Id, name: z.string(), dataset: z.string(), count: z.int() })),
      models: z.array(InputSize.extend({ id: Id, classes: z.int() })),
      /** Models that cannot compute, since their weights cannot be read. */
      damaged: z.array(z.object({ id: Id, reason: z.string() })),
    }),
  },
  'runs.estimateOnSet': { input: SetRunRequest, output: RunEstimate },
  'runs.startOnSet': { input: SetRunRequest, output: z.object({ runId: Id, jobId: Id }) },
  /** What `runs.remove` would do. */
  'runs.removal': { input: z.object({ id: Id }), output: RunRemoval },
  /**
   * Deletes a run that is done, failed or cancelled, with its maps, their values, scores and checks. Maps that another run needs
   * too stay, and so do sequences, predictions and models. It is refused as a whole (`conflict`) when one of the maps that would
   * go has a verdict, also one that was taken back, or may be in an export. For a run that was deleted in part, it goes on.
   */
  'runs.remove': { input: z.object({ id: Id }), output: z.object({ jobId: Id }) },
  /** Scores every stored map again from its values. */
  'runs.score': { input: Empty, output: z.object({ jobId: Id }) },
  'models.list': { input: Empty, output: z.array(ModelSummary) },
  /** Trained models that ship with the program. */
  'models.shipped': {
    input: Empty,
    output: z.object({
      models: z.array(
        ModelSummary.pick({
          name: true,
          architecture: true,
          label: true,
          dataset: true,
          steps: true,
          fold: true,
          accuracy: true,
        }).extend({
          /** Whether the workspace has it. */
          present: z.boolean(),
        }),
      ),
      /** Those whose files cannot be read, and why. */
      damaged: z.array(z.object({ name: z.string(), reason: z.string() })),
    }),
  },
  /** Puts shipped models into the workspace; those that are there already stay as they are. */
  'models.addShipped': {
    input: z.object({ names: z.array(z.string()).min(1).max(100) }),
    output: z.array(ModelSummary),
  },
  'models.train': { input: TrainRequest, output: z.object({ jobId: Id }) },
  'models.curve': { input: z.object({ jobId: Id }), output: z.array(CurvePoint) },
  /** A safetensors file or another program's network, base64; at most 64 MiB. */
  'models.import': { input: ModelFile, output: ModelSummary },
  /** What an import would make of another program's network; nothing is stored. */
  'models.inspect': { input: ModelFile, output: NetworkReport },
}
