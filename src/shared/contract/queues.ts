import { z } from 'zod'
import {
  FailureModeName,
  Id,
  Instant,
  MapFilter,
  MethodId,
  Metric,
  PersonName,
  Seed,
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

/** Where a reviewer is in a queue. */
export const Place = z.object({ queueId: Id, position: z.int().min(0) })
export type Place = z.infer<typeof Place>
