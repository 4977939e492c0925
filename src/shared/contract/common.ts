import { z } from 'zod'
import {
  ARCHITECTURE_NAMES,
  BACKENDS,
  DATASET_NAMES,
  EXPLAINED,
  FAILURE_MODES,
  FOLDS,
  FOREIGN_ARCHITECTURES,
  MAP_STATES,
  METRICS,
  SCORE_STATES,
  VERDICTS,
} from '../names.ts'

export const Id = z.int().positive()
export const Instant = z.iso.datetime()
/** SHA-256 in lower-case hex. */
export const Hash = z.string().regex(/^[0-9a-f]{64}$/)
/** A name that people type: trimmed, one line, at most 120 characters, none of them half: the file could not hold it. */
export const PersonName = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .refine((name) => name.isWellFormed(), 'a name of whole characters')
export const Seed = z
  .int()
  .min(0)
  .max(2 ** 31 - 1)

export const Architecture = z.enum(ARCHITECTURE_NAMES)
/** Of a stored model; those that can be trained here are {@link Architecture}. */
export const AnyArchitecture = z.enum([...ARCHITECTURE_NAMES, ...FOREIGN_ARCHITECTURES])
export const Dataset = z.enum(DATASET_NAMES)
export const Split = z.enum(['train', 'validation', 'test'])
/** Part of its data that a sample set is: drawn from a split, or brought by somebody. */
export const SetSplit = z.enum([...Split.options, 'imported'])
const FOLD_RANGE = `a fold from 1 to ${FOLDS}`
/** Of the cross-validation that every data set is cut for. */
export const Fold = z.int(FOLD_RANGE).refine((fold) => fold >= 1 && fold <= FOLDS, FOLD_RANGE)
export const FailureModeName = z.enum(FAILURE_MODES)
export const VerdictName = z.enum(VERDICTS)
export const Metric = z.enum(METRICS)
export const MapStateName = z.enum(MAP_STATES)
export const Backend = z.enum(BACKENDS)
export const MethodId = z.string().min(1).max(60)

/** What was checked on a map beside its sum, each relative to the relevance that it started with; null: it was not. */
export const MapChecks = z.object({
  /** What epsilon and the biases did not hand on (LRP-epsilon alone). */
  kept: z.object({ epsilon: z.number(), bias: z.number() }).nullable(),
  /** The node of the tape whose inflow and outflow differ the most. */
  worstNode: z.object({ name: z.string(), error: z.number() }).nullable(),
})
export type MapChecks = z.infer<typeof MapChecks>

/** In pixels of the sample, from its upper left corner. */
export const Box = z.object({
  row: z.int().min(0),
  column: z.int().min(0),
  height: z.int().positive(),
  width: z.int().positive(),
})
export type Box = z.infer<typeof Box>

export const Region = z.object({
  name: z.string(),
  box: Box,
  /** 1 where the region holds evidence for the sample's label, else 0. */
  mark: z.union([z.literal(0), z.literal(1)]),
  /** Class of what the region shows, null where it is not known. */
  label: z.int().nullable(),
})
export type Region = z.infer<typeof Region>

export const Score = z.object({
  metric: Metric,
  /** null when the metric is undefined for this map. */
  value: z.number().nullable(),
  state: z.enum(SCORE_STATES),
  /** The same metric of a map that is the same everywhere, and of the seeded random map. */
  uniform: z.number().nullable(),
  random: z.number().nullable(),
})
export type Score = z.infer<typeof Score>

/** Which maps: an absent facet does not restrict. Values within a facet are alternatives, facets are joined by 'and'. */
export const MapFilter = z.object({
  dataset: z.array(z.string()).optional(),
  sampleSet: z.array(Id).optional(),
  architecture: z.array(z.string()).optional(),
  model: z.array(Id).optional(),
  method: z.array(MethodId).optional(),
  fold: z.array(z.int()).optional(),
  /** Label of the sample. */
  label: z.array(z.int()).optional(),
  /** Whether the model's prediction is the sample's label. */
  correct: z.boolean().optional(),
  /** What the explained class is to the sample and the model. */
  explained: z.array(z.enum(EXPLAINED)).optional(),
  /** The explained class. */
  target: z.array(z.int()).optional(),
  mapState: z.array(MapStateName).optional(),
  /** Latest verdict of anyone; `none`: nobody has decided. */
  verdict: z.array(z.enum([...VERDICTS, 'none'])).optional(),
  mode: z.array(FailureModeName).optional(),
  reviewer: z.array(z.string()).optional(),
  /** Inclusive ranges of metric values. */
  ranges: z.array(z.object({ metric: Metric, low: z.number(), high: z.number() })).optional(),
  /** Id of one sample. */
  sample: Id.optional(),
  /** Words that all must match: `#map`, `sequence:number`, a class, or the beginning of a word in a note. */
  search: z.string().trim().min(1).max(200).optional(),
})
export type MapFilter = z.infer<typeof MapFilter>

export const Empty = z.object({})
