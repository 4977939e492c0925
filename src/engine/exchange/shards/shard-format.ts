import { z } from 'zod'
import { Hash, MapChecks, MapStateName } from '../../../shared/contract/common.ts'
import { RunRequest, Shard } from '../../../shared/contract/runs.ts'
import { sha256 } from '../sha256.ts'

export const SHARD_FORMAT = 'heatproof-shard'
export const SHARD_VERSION = 1

/** Bytes of an array, so that every value comes back bit by bit. */
const Bytes = z.base64()

/** The first line of a shard file: what was computed, of which run it is a part, and on what. */
export const ShardHeader = z.object({
  format: z.literal(SHARD_FORMAT),
  formatVersion: z.literal(SHARD_VERSION),
  shard: Shard,
  /** Models stand in `models`, by the SHA-256 of their weights. */
  request: RunRequest.omit({ modelIds: true, shard: true }),
  models: z.array(z.object({ name: z.string(), sha256: Hash })).min(1),
  /** Files that the sequences are drawn from. */
  sources: z.array(z.object({ name: z.string(), sha256: z.string() })),
  /** Items a sequence. */
  items: z.int(),
  title: z.string(),
  versions: z.record(z.string(), z.string()),
  backend: z.string(),
  device: z.string(),
  seconds: z.number(),
})
export type ShardHeader = z.infer<typeof ShardHeader>

const ShardMap = z.object({
  method: z.string(),
  target: z.int(),
  targetKind: z.enum(['label', 'predicted', 'class']),
  seed: z.int(),
  logit: z.number().nullable(),
  started: z.number().nullable(),
  total: z.number(),
  absolute: z.number(),
  low: z.number(),
  high: z.number(),
  conservation: z.number().nullable(),
  state: MapStateName,
  checks: MapChecks.nullable(),
  shares: Bytes,
  sharesPositive: Bytes,
  pixelScores: Bytes.nullable(),
  values: Bytes,
})
export type ShardMap = z.infer<typeof ShardMap>

/** A line of a shard file: what one model says of one sequence, and all maps of it. */
export const ShardEntry = z.object({
  /** Place in the header's models. */
  model: z.int().min(0),
  /** Of the sequence, in its set. */
  position: z.int().min(0),
  /** SHA-256 of the input as float32. */
  input: Hash,
  predicted: z.int(),
  logits: Bytes,
  maps: z.array(ShardMap),
})
export type ShardEntry = z.infer<typeof ShardEntry>

/** The last line: the SHA-256 of every byte before it, and how many entries these are. */
export const ShardEnd = z.object({ entries: z.int().min(0), sha256: Hash })

/** What shards of one run have in common, whatever machine computed them. */
export function runKey({ request, models, sources, items }: Omit<ShardHeader, 'shard'>): string {
  const weights = models.map((model) => model.sha256).sort()
  return sha256(JSON.stringify([request, weights, sources, items]))
}

/** Whether a sequence belongs to a shard. */
export function isInShard(position: number, { index, of }: Shard): boolean {
  return position % of === index - 1
}

export function encodeBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}

export function decodeBytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'))
}
