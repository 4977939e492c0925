import { z } from 'zod'
import { Box, FailureModeName, Id, Instant, PersonName, Seed, VerdictName } from './common.ts'

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
export const Ranges = z
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
