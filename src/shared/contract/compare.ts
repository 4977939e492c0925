import { z } from 'zod'
import { AGREEMENT_METRICS, SCORE_STATES } from '../names.ts'
import { Id, MapStateName, MethodId, Metric, Region, VerdictName } from './common.ts'
import { SampleOrigin } from './review.ts'
import { ModelSummary } from './runs.ts'

/** A map of the compared sequence. */
export const ComparedMap = z.object({
  mapId: Id,
  modelId: Id,
  method: MethodId,
  signed: z.boolean(),
  /** The class that is explained. */
  target: z.int(),
  logit: z.number().nullable(),
  state: MapStateName,
  /** Range of the map's values. */
  low: z.number(),
  high: z.number(),
  /** Share of the relevance by region, signed. */
  shares: z.array(z.number()),
  /** The asked metric; null when it is undefined for this map. */
  value: z.number().nullable(),
  valueState: z.enum(SCORE_STATES),
  /** What the active calibration says; null without a threshold. */
  predictedFailure: z.boolean().nullable(),
  /** The asking reviewer's latest verdict. */
  verdict: VerdictName.nullable(),
})
export type ComparedMap = z.infer<typeof ComparedMap>

export const ComparedModel = ModelSummary.pick({
  id: true,
  name: true,
  label: true,
  architecture: true,
  dataset: true,
  steps: true,
  fold: true,
  accuracy: true,
}).extend({
  /** What the model says of the sequence; null where it was never asked. */
  predicted: z.int().nullable(),
})
export type ComparedModel = z.infer<typeof ComparedModel>

export const ComparedSequence = z.object({
  sampleId: Id,
  /** Place among the sequences that have maps, from 0, and how many these are. */
  position: z.int(),
  count: z.int(),
  first: Id,
  previous: Id.nullable(),
  next: Id.nullable(),
  last: Id,
  rows: z.int(),
  columns: z.int(),
  label: z.int(),
  labelName: z.string(),
  regions: z.array(Region),
  /** What each region shows, as people call it. */
  regionNames: z.array(z.string()),
  origin: SampleOrigin,
  /** Place of the sequence in its sample set, from 0. */
  place: z.int(),
  /** Models with maps of the sequence, and the others that read its data set. */
  models: z.array(ComparedModel),
  /** Methods with maps of any sequence of the sample set. */
  methods: z.array(MethodId),
  /** Several of one model and method explain different classes. */
  maps: z.array(ComparedMap),
})
export type ComparedSequence = z.infer<typeof ComparedSequence>

/** One side of a pair: a method of a model. */
export const PairSide = z.object({ modelId: Id, method: MethodId })
export type PairSide = z.infer<typeof PairSide>

export const PairRequest = z.object({
  a: PairSide,
  b: PairSide,
  /** Maps of both sides that explain the label, the class that A's model predicts, or one class of all sequences. */
  target: z.union([z.enum(['label', 'predicted']), z.int().min(0)]).default('label'),
  /** Only sequences with a map in this queue; null: all. */
  queueId: Id.nullable().default(null),
})
export type PairRequest = z.infer<typeof PairRequest>

/** Two maps of one sequence that explain the same class. */
export const MapPair = z.object({
  sampleId: Id,
  a: Id,
  b: Id,
  target: z.int(),
  rows: z.int(),
  columns: z.int(),
  label: z.int(),
  labelName: z.string(),
  /** Number of the base sequence that the sample was made from. */
  sequence: z.int(),
})
export type MapPair = z.infer<typeof MapPair>

const AgreementMetric = z.enum(AGREEMENT_METRICS)

/** How far two maps agree: one score a metric, in the order of `AGREEMENT_METRICS`. */
export const PairAgreement = z.array(
  z.object({ metric: AgreementMetric, value: z.number().nullable(), state: z.enum(SCORE_STATES) }),
)
export type PairAgreement = z.infer<typeof PairAgreement>

export const AgreementMean = z.object({
  metric: AgreementMetric,
  /** Over the pairs with a value of their own; null without any. */
  mean: z.number().nullable(),
  /** 95 % interval of the mean over sequences; null with fewer than two. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  count: z.int(),
  undefined: z.int(),
  noRelevance: z.int(),
})
export type AgreementMean = z.infer<typeof AgreementMean>

export const PairSummary = z.object({
  /** Pairs in all. */
  total: z.int(),
  /** Sequences with maps of both sides, but none that explain the asked class alike. */
  unpaired: z.int(),
  /** Where there are more pairs than are measured: the seed of the random sample. */
  seed: z.int().nullable(),
  means: z.array(AgreementMean),
  /** The measured pairs in the order of the sequences. */
  pairs: z.array(MapPair.extend({ agreement: PairAgreement })),
})
export type PairSummary = z.infer<typeof PairSummary>

export const compareContract = {
  /** One sequence with the maps of all models and methods; without an id the first that has maps, null where none has. */
  'compare.sequence': {
    input: z.object({ sampleId: Id.nullable(), metric: Metric, reviewer: z.string().max(120).default('') }),
    output: ComparedSequence.nullable(),
  },
  /** A page of the pairs of two sides, in the order of the sequences. */
  'compare.pairs': {
    input: PairRequest.extend({ offset: z.int().min(0), limit: z.int().min(1).max(100) }),
    output: z.object({ total: z.int(), unpaired: z.int(), pairs: z.array(MapPair) }),
  },
  /** Agreement of single pairs of maps, each of one sample; in their order. */
  'compare.agreement': {
    input: z.object({
      pairs: z
        .array(z.object({ a: Id, b: Id }))
        .min(1)
        .max(100),
    }),
    output: z.array(PairAgreement),
  },
  /** Agreement over all pairs, or over a random sample of them where they are many. */
  'compare.summary': { input: PairRequest, output: PairSummary },
}
