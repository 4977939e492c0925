import { z } from 'zod'
import { FailureModeName, Seed } from './common.ts'

/** A measure with its 95 % bootstrap interval; null where it is undefined, or no resample gave it. */
export const AgreementEstimate = z.object({
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
})
export type AgreementEstimate = z.infer<typeof AgreementEstimate>

/** How far raters agree on one question. */
export const AgreementMeasures = z.object({
  /** `verdict`: accept, fail or unsure. A failure mode: flagged with it or not, `unsure` being no answer. */
  on: z.union([z.literal('verdict'), FailureModeName]),
  /** Maps with two or more ratings; those that every rater rated. */
  maps: z.int(),
  completeMaps: z.int(),
  /** Share of the ratings that are positive: `fail`, or flagged with the mode. */
  prevalence: z.number().nullable(),
  raw: AgreementEstimate,
  /** Only of two raters. */
  cohen: AgreementEstimate,
  /** Over the maps that every rater rated. */
  fleiss: AgreementEstimate,
  krippendorff: AgreementEstimate,
  gwet: AgreementEstimate,
  /** When somebody says so, how likely another rater does: `fail` or flagged; `accept` or not flagged. */
  positive: AgreementEstimate,
  negative: AgreementEstimate,
})
export type AgreementMeasures = z.infer<typeof AgreementMeasures>

export const Agreement = z.object({
  seed: Seed,
  resamples: z.int(),
  reviewers: z.array(z.object({ name: z.string(), maps: z.int() })),
  /** Maps on which two or more reviewers decided, the base sequences of these, and those decided blind by all of them. */
  maps: z.int(),
  sequences: z.int(),
  blindMaps: z.int(),
  /** Modes that nobody flagged: there is nothing to agree on. */
  neverFlagged: z.array(FailureModeName),
  between: z.array(AgreementMeasures),
  pairs: z.array(z.object({ first: z.string(), second: z.string(), measures: z.array(AgreementMeasures) })),
  /** Each reviewer against what they had said before, on maps that came up again unannounced. */
  within: z.array(z.object({ reviewer: z.string(), repeats: z.int(), measures: z.array(AgreementMeasures) })),
})
export type Agreement = z.infer<typeof Agreement>

export const AgreementRequest = z.object({
  seed: Seed.default(0),
  resamples: z.int().min(100).max(10_000).default(1000),
  /** Whether verdicts that went to whole groups count too. */
  groupVerdicts: z.boolean().default(false),
})
export type AgreementRequest = z.infer<typeof AgreementRequest>
