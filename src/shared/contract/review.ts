import { z } from 'zod'
import { EXPLAINED } from '../names.ts'
import {
  Box,
  Empty,
  FailureModeName,
  Id,
  Instant,
  MapChecks,
  MapFilter,
  MapStateName,
  MethodId,
  Metric,
  PersonName,
  Region,
  Score,
  Seed,
  SetSplit,
  VerdictName,
} from './common.ts'

export const QueueOrder = z.enum([
  'worst_first',
  'best_first',
  'random',
  'uncertain',
  'dominance',
  'reviewers_disagree',
  'methods_disagree',
  'models_disagree',
  'stratified',
  'sequence',
])
export type QueueOrder = z.infer<typeof QueueOrder>

export const QueueRequest = z.object({
  filter: MapFilter,
  order: QueueOrder,
  /** What 'worst' is measured by, and the disagreement of methods and models. */
  metric: Metric.default('capped_percentage'),
  seed: Seed.default(0),
  /** How many maps the queue draws; 0: all. */
  size: z.int().min(0).max(1_000_000).default(200),
  /** Share of the queue that is drawn at random, so that fits from its verdicts can be unbiased. */
  randomShare: z.number().min(0).max(1).default(0.2),
  /** For `stratified`: maps to draw of every architecture, method and data set; `size` does not count then. */
  perStratum: z.int().min(1).max(10_000).default(20),
  /** Who reviews: whose own decisions come up again. */
  reviewer: PersonName.nullable().default(null),
  /** Share of the queue that repeats, unannounced, what `reviewer` decided before. */
  repeatShare: z.number().min(0).max(0.5).default(0.05),
  /** Maps that someone accepted or failed come up unannounced, as if nobody had; null: none. */
  known: z
    .object({ reviewer: PersonName, share: z.number().min(0).max(0.5) })
    .nullable()
    .default(null),
  /**
   * Whether the engine withholds model, method, metrics, calibration and others' verdicts of its maps from reviewers until they
   * have decided. Only a lead draws such a queue, and nothing is withheld from leads.
   */
  blind: z.boolean().default(false),
})
export type QueueRequest = z.infer<typeof QueueRequest>

/** A request that is kept under a name; drawing it makes a new queue. */
export const SavedFilter = z.object({ name: PersonName, request: QueueRequest, createdAt: Instant })
export type SavedFilter = z.infer<typeof SavedFilter>

/** A queue is drawn once and kept: the same address shows the same pictures again. */
export const Queue = z.object({
  id: Id,
  request: QueueRequest,
  /** Maps in the queue, and maps that the filter let through. */
  length: z.int(),
  matching: z.int(),
  createdAt: Instant,
})
export type Queue = z.infer<typeof Queue>

/** The group of similar maps that a verdict went to. */
export const VerdictGroup = z.object({
  id: Id,
  /** How it was formed: into how many groups, with which seed, and by which imported analysis; null: features of our own. */
  groups: z.int(),
  seed: Seed,
  similarBy: z.string().nullable(),
  /** Which of the groups, from 0, the largest first. */
  index: z.int(),
  /** Maps in the group, and how many of them were looked at before the verdict. */
  size: z.int(),
  lookedAt: z.int(),
})
export type VerdictGroup = z.infer<typeof VerdictGroup>

export const VerdictRow = z.object({
  id: Id,
  mapId: Id,
  reviewer: z.string(),
  /** `withdrawn`: an undo took the reviewer's verdict back. */
  verdict: z.enum(['accept', 'fail', 'unsure', 'withdrawn']),
  modes: z.array(FailureModeName),
  note: z.string(),
  box: Box.nullable(),
  queueId: Id.nullable(),
  /** Probability with which the queue drew the map, null when it did not come from a queue. */
  probability: z.number().nullable(),
  drawnAtRandom: z.boolean(),
  /** Place in the queue, from 0. */
  position: z.int().nullable(),
  /** Whether model, method, metrics and other people's verdicts were hidden. */
  blind: z.boolean(),
  /** Set where the verdict went to a whole group after a look at some of its maps; null: this map was decided itself. */
  group: VerdictGroup.nullable(),
  createdAt: Instant,
})
export type VerdictRow = z.infer<typeof VerdictRow>

/** What a row of the film strip or a cell of the grid shows. */
export const QueueItem = z.object({
  position: z.int(),
  mapId: Id,
  sampleId: Id,
  /** Pixels of the map. */
  rows: z.int(),
  columns: z.int(),
  /** 0 where it is withheld. */
  modelId: z.int().min(0),
  modelLabel: z.string(),
  method: MethodId,
  /** Whether values below 0 mean something. */
  signed: z.boolean(),
  label: z.int(),
  predicted: z.int(),
  /** Whether model, method and value are hidden from whoever asks: the map is in a blind queue, and they have not decided it. */
  withheld: z.boolean(),
  /** Value of the queue's metric, null where it is undefined. */
  value: z.number().nullable(),
  /** This reviewer's latest verdict. */
  verdict: VerdictName.nullable(),
  modes: z.array(FailureModeName),
})
export type QueueItem = z.infer<typeof QueueItem>

/** Where a sample comes from. */
export const SampleOrigin = z.object({
  dataset: z.string(),
  split: SetSplit,
  fold: z.int(),
  sequence: z.int(),
  seed: Seed,
  /** Indices of the source images, left to right. */
  images: z.array(z.int()),
  /** What whoever brought the sample calls it. */
  name: z.string().nullable(),
  sourceSha256: z.string(),
})
export type SampleOrigin = z.infer<typeof SampleOrigin>

export const ReviewItem = z.object({
  mapId: Id,
  /**
   * Whether model, method, run, metrics, shares, calibration and verdicts are hidden from whoever asks: the map is in a blind queue,
   * and they have never decided it. In their place stand empty values.
   */
  withheld: z.boolean(),
  sampleId: Id,
  rows: z.int(),
  columns: z.int(),
  /** Steps in which the model reads the sample, for the step borders. */
  steps: z.int(),
  label: z.int(),
  labelName: z.string(),
  regions: z.array(Region),
  /** Share of the relevance by region, signed; and of the positive part. */
  shares: z.array(z.number()),
  sharesPositive: z.array(z.number()),
  /** Range of the map's values. */
  low: z.number(),
  high: z.number(),
  model: z.object({
    id: z.int().min(0),
    name: z.string(),
    label: z.string(),
    fold: z.int(),
    sha256: z.string(),
    accuracy: z.number().nullable(),
  }),
  method: MethodId,
  signed: z.boolean(),
  /** The class that is explained, its logit, and what the model predicted. */
  target: z.int(),
  targetTitle: z.string(),
  /** What the explained class is to the sample and the model. */
  explained: z.enum(EXPLAINED),
  /** null for a map that was brought without it. */
  logit: z.number().nullable(),
  predicted: z.int(),
  state: MapStateName,
  /** Sum of the map, the relevance it started with, and their relative difference; null for methods that conserve nothing. */
  total: z.number(),
  started: z.number().nullable(),
  conservation: z.number().nullable(),
  /** What was checked beside the sum; null for maps of older versions. */
  checks: MapChecks.nullable(),
  scores: z.array(Score),
  /** What the active calibration says; null without a threshold, and for another class than label and prediction. */
  predictedFailure: z.boolean().nullable(),
  run: z.object({ id: z.int().min(0), seed: Seed, backend: z.string(), createdAt: Instant }),
  provenance: SampleOrigin,
  history: z.array(VerdictRow),
})
export type ReviewItem = z.infer<typeof ReviewItem>

export const FacetCount = z.object({ value: z.string(), label: z.string(), count: z.int() })

export const Facets = z.object({
  total: z.int(),
  /** For each facet the counts that choosing the value would give, the facet itself left out of the filter. */
  facets: z.record(z.string(), z.array(FacetCount)),
  /** For each metric a histogram of 20 bins between low and high. */
  histograms: z.record(z.string(), z.object({ low: z.number(), high: z.number(), counts: z.array(z.int()) })),
})
export type Facets = z.infer<typeof Facets>

/** A colour scale that the maps of a method share in a queue: up to `limit`, the size that most of their largest values keep to. */
export const SharedScale = z.object({ method: MethodId, limit: z.number().min(0), maps: z.int() })
export type SharedScale = z.infer<typeof SharedScale>

/** Where a reviewer is in a queue. */
export const Place = z.object({ queueId: Id, position: z.int().min(0) })
export type Place = z.infer<typeof Place>

/** Maps that one verdict may go to. */
export const MOST_AT_ONCE = 100_000

export const VerdictInput = z.object({
  /** Made anew for each decision: the same one sent twice, because an answer was lost, is stored once. */
  requestId: z.uuid().nullable().default(null),
  mapIds: z.array(Id).min(1).max(MOST_AT_ONCE),
  reviewer: PersonName,
  verdict: VerdictName,
  modes: z.array(FailureModeName).max(9).default([]),
  note: z.string().max(4000).default(''),
  box: Box.nullable().default(null),
  queueId: Id.nullable().default(null),
  blind: z.boolean().default(false),
})
export type VerdictInput = z.input<typeof VerdictInput>

/** Places in a queue, from the first to the last of each range, both included, counted from 0; no place comes twice. */
const Ranges = z
  .array(z.tuple([z.int().min(0), z.int().min(0)]))
  .min(1)
  .max(10_000)
  .refine(
    (ranges) =>
      ranges.every(([first, last], index) => first <= last && first > (ranges[index - 1]?.[1] ?? -1)),
    'ranges in ascending order that do not overlap',
  )

export const QueueVerdictInput = z.object({
  /** As in `review.decide`: what is sent again with the same id is stored once. */
  requestId: z.uuid().nullable().default(null),
  reviewer: PersonName,
  queueId: Id,
  /** Maps of the queue as it was shown: where some were deleted since, the places mean others, and nothing is stored. */
  length: z.int(),
  ranges: Ranges,
  verdict: VerdictName,
  modes: z.array(FailureModeName).max(9).default([]),
  blind: z.boolean().default(false),
})
export type QueueVerdictInput = z.input<typeof QueueVerdictInput>

/** How often a reviewer said the same as before, or as the one who knows. */
export const Sameness = z.object({ decided: z.int(), same: z.int() })
export type Sameness = z.infer<typeof Sameness>

/** In which queue, and by whom, maps are looked at. */
const Asked = z.object({ queueId: Id, reviewer: z.string() })

/** Maps that one request may ask all about: reading one takes the engine milliseconds. */
export const MOST_DETAILS = 16

const Undone = z.object({ mapIds: z.array(Id), verdict: VerdictName.nullable() }).nullable()

export const reviewContract = {
  'review.facets': { input: z.object({ filter: MapFilter }), output: Facets },
  'review.filters': { input: Empty, output: z.array(SavedFilter) },
  /** Keeps a request under a name, instead of what the name stood for. */
  'review.saveFilter': {
    input: z.object({ name: PersonName, request: QueueRequest }),
    output: z.array(SavedFilter),
  },
  'review.removeFilter': { input: z.object({ name: PersonName }), output: z.array(SavedFilter) },
  'review.createQueue': { input: QueueRequest, output: Queue },
  'review.queue': { input: z.object({ id: Id }), output: Queue },
  /** Where the reviewer was in this queue, or in the one that they were in last; null: nowhere yet. */
  'review.place': {
    input: z.object({ reviewer: PersonName, queueId: Id.nullable().default(null) }),
    output: Place.nullable(),
  },
  /** Remembers where the reviewer is. */
  'review.setPlace': { input: Place.extend({ reviewer: PersonName }), output: Place },
  'review.items': {
    input: z.object({
      queueId: Id,
      reviewer: PersonName,
      offset: z.int().min(0),
      limit: z.int().min(1).max(1000),
    }),
    output: z.array(QueueItem),
  },
  /** Where a map stands in a queue; null: it is not in it. */
  'review.position': {
    input: z.object({ queueId: Id, mapId: Id }),
    output: z.object({ position: z.int().nullable() }),
  },
  /** `asked`: in which queue and by whom, so that a map that comes up unannounced does not give itself away. */
  'review.item': { input: z.object({ mapId: Id, asked: Asked.optional() }), output: ReviewItem },
  /** The same of several maps, in the order of the ids. */
  'review.details': {
    input: z.object({ mapIds: z.array(Id).min(1).max(MOST_DETAILS), asked: Asked.optional() }),
    output: z.array(ReviewItem),
  },
  /** Of each method of the queue; `covered`: the share of its maps that the scale shows whole. */
  'review.scales': {
    input: z.object({ queueId: Id, covered: z.number().min(0).max(1) }),
    output: z.array(SharedScale),
  },
  /** What the reviewer said of the maps of a queue that came up unannounced, as far as they are decided. */
  'review.tests': {
    input: z.object({ queueId: Id, reviewer: PersonName }),
    output: z.object({ repeats: Sameness, known: Sameness }),
  },
  /** Stores one verdict a map (a `fail` needs a mode); answers when they are on disk. */
  'review.decide': { input: VerdictInput, output: z.array(VerdictRow) },
  /** Stores one verdict on the maps at these places of a queue, as one decision; answers how many when they are on disk. */
  'review.decideQueue': { input: QueueVerdictInput, output: z.object({ count: z.int() }) },
  /** How many maps of a queue, or of these places in it, the reviewer has decided. */
  'review.decided': {
    input: z.object({ queueId: Id, reviewer: PersonName, ranges: Ranges.optional() }),
    output: z.object({ decided: z.int() }),
  },
  /** Takes the reviewer's last decision back (all maps of a bulk decision); null when there is none. */
  'review.undo': { input: z.object({ reviewer: PersonName }), output: Undone },
  'review.redo': { input: z.object({ reviewer: PersonName }), output: Undone },
}
