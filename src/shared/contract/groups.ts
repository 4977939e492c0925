import { z } from 'zod'
import { FailureModeName, Id, PersonName, Seed, VerdictName } from './common.ts'
import { QueueItem } from './queues.ts'
import { VerdictRow } from './verdicts.ts'

/** How the maps of a queue are put into groups of similar ones. The same request gives the same groups. */
export const GroupingRequest = z.object({
  queueId: Id,
  /** How many groups to form; null: as many as suit the number of maps. */
  groups: z.int().min(2).max(60).nullable().default(null),
  seed: Seed.default(0),
  /** The clustering whose clusters are the groups, or the embedding in which they are formed; null: features of our own. */
  analysisId: Id.nullable().default(null),
})
export type GroupingRequest = z.output<typeof GroupingRequest>

/** An imported analysis by which maps of a queue can be grouped. */
export const GroupingSource = z.object({
  id: Id,
  kind: z.enum(['clustering', 'embedding']),
  name: z.string(),
  /** Of a clustering 1. */
  dimensions: z.int(),
  /** Maps of the queue of which it says something. */
  maps: z.int(),
})
export type GroupingSource = z.infer<typeof GroupingSource>

export const MapGroup = z.object({
  /** What its cluster is called, null where the groups were formed here. */
  name: z.string().nullable(),
  size: z.int(),
  /** Maps of the group that the reviewer has decided. */
  decided: z.int(),
  /** `mean of R / Σ |R|` as base64 of float32, little endian, rows x columns; and how many maps it is the mean of. */
  meanMap: z.base64(),
  columns: z.int(),
  averaged: z.int(),
  /** Mean share of the relevance by item, where it is a majority item and where it is an odd one. */
  majority: z.array(z.number()),
  odd: z.array(z.number()),
})
export type MapGroup = z.infer<typeof MapGroup>

export const Grouping = z.object({
  /** Groups that were asked for; where maps are the same there may be fewer. */
  asked: z.int(),
  maps: z.int(),
  /** Maps that the centres of the groups were fitted to: all, or so many drawn at random. */
  fitted: z.int(),
  /** Maps of which the analysis says nothing: they are in no group. */
  without: z.int(),
  /** Maps of the queue that test the reviewer: they are in no group. */
  tests: z.int(),
  /** The largest first. */
  groups: z.array(MapGroup),
})
export type Grouping = z.infer<typeof Grouping>

/** Where maps of groups lie in the first two dimensions of an embedding. */
export const PlacedMaps = z.object({
  /** Maps of the groups that have a place. */
  placed: z.int(),
  /** All of them, or 5,000 drawn at random; `group` from 0. */
  points: z.array(z.object({ x: z.number(), y: z.number(), group: z.int() })),
})
export type PlacedMaps = z.infer<typeof PlacedMaps>

const OneGroup = GroupingRequest.extend({ index: z.int().min(0), reviewer: PersonName })

export const GroupVerdictInput = OneGroup.extend({
  /** Maps in the groups as they were shown. Where that has changed they are other groups, and the verdict is refused. */
  maps: z.int().min(1),
  /** As in `review.decide`: what is sent again with the same id is stored once. */
  requestId: z.uuid().nullable().default(null),
  verdict: VerdictName,
  modes: z.array(FailureModeName).max(9).default([]),
  note: z.string().max(4000).default(''),
  blind: z.boolean().default(false),
  /** Maps of the group that the reviewer has looked at. */
  lookedAt: z.array(Id).min(1).max(1000),
  /** Maps of the group that get no verdict. */
  leftOut: z.array(Id).max(1000).default([]),
})
export type GroupVerdictInput = z.input<typeof GroupVerdictInput>

export const groupsContract = {
  /** By what maps of a queue can be grouped, beside features of our own; nothing where a blind queue hides maps of it. */
  'groups.sources': { input: z.object({ queueId: Id }), output: z.array(GroupingSource) },
  /** Forms groups of similar maps, or says again which there are; answers when they are formed. */
  'groups.form': { input: GroupingRequest.extend({ reviewer: PersonName }), output: Grouping },
  'groups.places': { input: GroupingRequest.extend({ embeddingId: Id }), output: PlacedMaps },
  /** Ends the forming of these groups; whoever waits for it gets the error `cancelled`. */
  'groups.cancel': { input: GroupingRequest, output: z.object({}) },
  /** Maps of a group that the reviewer has not decided, in an order drawn at random; `position` counts in that order. */
  'groups.items': {
    input: OneGroup.extend({ offset: z.int().min(0).default(0), limit: z.int().min(1).max(200) }),
    output: z.array(QueueItem),
  },
  /** One verdict on all maps of a group that the reviewer has not decided, marked as such; one undo takes it back. */
  'groups.decide': { input: GroupVerdictInput, output: z.array(VerdictRow) },
}
