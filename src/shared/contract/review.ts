import { z } from 'zod'
import { EXPLAINED } from '../names.ts'
import {
  Empty,
  Id,
  Instant,
  MapChecks,
  MapFilter,
  MapStateName,
  MethodId,
  PersonName,
  Region,
  Score,
  Seed,
  SetSplit,
  VerdictName,
} from './common.ts'
import { QueueRequest, SavedFilter, Queue, QueueItem, Place } from './queues.ts'
import { VerdictRow, VerdictInput, Ranges, QueueVerdictInput } from './verdicts.ts'

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
