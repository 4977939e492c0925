import { z } from 'zod'
import { SANITY_METRICS } from '../names.ts'
import { DEFAULT_SANITY_SEEDS, MOST_SANITY_SEEDS } from '../sanity-seeds.ts'
import { Dataset, Empty, Fold, Id, Instant, MethodId, Seed, Split } from './common.ts'
import { ModelSummary, Target } from './runs.ts'

/** Draws of fresh weights that are averaged over. */
const Seeds = z.int().min(1).max(MOST_SANITY_SEEDS)

export const SanityRequest = z.object({
  modelId: Id,
  /** A model whose maps are compared with the model's own; null: fresh weights in layer after layer of the model. */
  againstId: Id.nullable().default(null),
  methods: z.array(MethodId).min(1).max(50),
  dataset: Dataset,
  split: Split.default('test'),
  fold: Fold.default(1),
  count: z.int().min(1).max(10_000).default(100),
  /** Of the sequences. */
  sampleSeed: Seed.default(0),
  /** Of the first draw of fresh weights. */
  seed: Seed.default(1),
  /** How many draws are averaged over, with seeds that count up from `seed`; another model is compared once. */
  seeds: Seeds.default(DEFAULT_SANITY_SEEDS),
  /** Explained class; `predicted` is the class that the model itself predicts, for the changed models too. */
  target: Target.default('label'),
})
export type SanityRequest = z.infer<typeof SanityRequest>

/** A request as it was stored: checks of earlier versions had one draw, and did not say so. */
export const StoredSanityRequest = SanityRequest.extend({ seeds: Seeds.default(1) })

/** Likeness of a stage's maps to the model's own, over the pairs for which it is defined. */
export const SanityValue = z.object({
  method: MethodId,
  metric: z.enum(SANITY_METRICS),
  mean: z.number().nullable(),
  /** 95 % interval of the mean, over sequences and draws of the fresh weights. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** Pairs of maps with a value. */
  count: z.int(),
  /** Pairs without one, e.g. correlations of a map that is the same everywhere. */
  undefined: z.int(),
  /** Pairs in which a map is 0 everywhere; left out of the mean. */
  noRelevance: z.int(),
})
export type SanityValue = z.infer<typeof SanityValue>

export const SanityStage = z.object({
  /** 0: the model as it is; then a layer more with each. */
  position: z.int(),
  /** The layer that got fresh weights, or the other model's name; `original` for the model as it is. */
  name: z.string(),
  /** Share of the samples that the stage's model gets right, the mean over the draws of its fresh weights. */
  accuracy: z.number(),
  values: z.array(SanityValue),
  backend: z.string(),
  device: z.string(),
  versions: z.record(z.string(), z.string()),
  seconds: z.number(),
  createdAt: Instant,
})
export type SanityStage = z.infer<typeof SanityStage>

const CheckedModel = ModelSummary.pick({ id: true, name: true, label: true, sha256: true })

export const SanityCheck = z.object({
  id: Id,
  jobId: Id,
  request: StoredSanityRequest,
  model: CheckedModel,
  against: CheckedModel.nullable(),
  /** Names of all stages, also of those that are not done. */
  stageNames: z.array(z.string()),
  /** The stages that are done. */
  stages: z.array(SanityStage),
  /** What to keep in mind when the numbers are read. */
  warnings: z.array(z.string()),
  createdAt: Instant,
})
export type SanityCheck = z.infer<typeof SanityCheck>

export const SanityCheckSummary = SanityCheck.omit({ stages: true, warnings: true }).extend({
  stagesDone: z.int(),
})
export type SanityCheckSummary = z.infer<typeof SanityCheckSummary>

export const sanityContract = {
  /** The check is there once its job has begun: the job's result. */
  'sanity.start': { input: SanityRequest, output: z.object({ jobId: Id }) },
  /** Newest first. */
  'sanity.list': { input: Empty, output: z.array(SanityCheckSummary) },
  'sanity.get': { input: z.object({ id: Id }), output: SanityCheck },
}
