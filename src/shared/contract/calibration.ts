import { z } from 'zod'
import { Agreement, AgreementRequest } from './agreement.ts'
import { ActiveCalibration } from './workspace.ts'
import { Empty, FailureModeName, Hash, Id, Instant, Metric, PersonName, Seed } from './common.ts'

/** An estimate with its 95 % bootstrap interval. */
export const Estimate = z.object({ value: z.number(), low: z.number(), high: z.number() })
export type Estimate = z.infer<typeof Estimate>

/** How theta is chosen once tau is. */
export const ThresholdRule = z.discriminatedUnion('kind', [
  /** Where true minus false positive rate is largest. */
  z.object({ kind: z.literal('youden') }),
  /** Where the expected cost is least; `ratio`: what a missed failure costs, a false alarm costing 1. */
  z.object({ kind: z.literal('cost'), ratio: z.number().min(0.001).max(1000) }),
  /** Where at most this share of the failing maps is missed, by split conformal prediction. */
  z.object({ kind: z.literal('miss_rate'), rate: z.number().min(0.001).max(0.5) }),
])
export type ThresholdRule = z.infer<typeof ThresholdRule>

/** What a theta that was chosen by a maximal miss rate promises, and what that rests on. */
export const MissRateGuarantee = z.object({
  rate: z.number(),
  /** Failing maps that theta was chosen on, and how many base sequences they are of. */
  flags: z.int(),
  sequences: z.int(),
  /** Sequences of equal weight that would bound as tightly; unequal weights make it smaller than `sequences`. */
  effectiveSequences: z.number(),
  /** Share of these failing maps, weighted, that theta misses. */
  missed: z.number(),
  /** Sequences that tau was chosen on, and which theta was therefore not; 0 where there is no tau. */
  sequencesForTau: z.int(),
})
export type MissRateGuarantee = z.infer<typeof MissRateGuarantee>

/** Where the maps of a fit come from. */
export const FitSource = z.object({
  maps: z.int(),
  sequences: z.int(),
  reviewers: z.int(),
  queues: z.int(),
  /** Maps from the random part of a queue, and maps whose draw probability is not known. */
  drawnAtRandom: z.int(),
  unknownProbability: z.int(),
})
export type FitSource = z.infer<typeof FitSource>

export const CalibrationRequest = z.object({
  metric: Metric.default('capped_percentage'),
  mode: FailureModeName.default('single_item_dominance'),
  seed: Seed.default(0),
  resamples: z.int().min(100).max(10_000).default(2000),
  /** Whether verdicts that went to whole groups count too. */
  groupVerdicts: z.boolean().default(false),
  rule: ThresholdRule.default({ kind: 'youden' }),
})
export type CalibrationRequest = z.infer<typeof CalibrationRequest>

export const VerdictCounts = z.object({
  positives: z.int(),
  negatives: z.int(),
  ties: z.int(),
  unsure: z.int(),
  /** Consensus `fail`, but with other modes. */
  otherModes: z.int(),
  /** Decided maps that explain another class than the label and the prediction; 0 in fits of older versions. */
  otherClass: z.int().default(0),
  /** Verdicts that are left out since they went to whole groups; 0 in fits that take them. */
  groupVerdicts: z.int().default(0),
  /** Verdicts on maps for which the metric is undefined. */
  undefined: z.int(),
  missingPositives: z.int(),
  missingNegatives: z.int(),
})

export const CalibrationFit = z.object({
  metric: Metric,
  mode: FailureModeName,
  seed: Seed,
  resamples: z.int(),
  /** Whether verdicts that went to whole groups count too. */
  groupVerdicts: z.boolean().default(false),
  rule: ThresholdRule.default({ kind: 'youden' }),
  /** Only of the rule `miss_rate`. */
  guarantee: MissRateGuarantee.nullable().default(null),
  /** null: fitted by a version that did not keep it, as with `code`. */
  source: FitSource.nullable().default(null),
  /** The program, and the revision of the method: the same verdicts give the same figures under the same revision. */
  code: z.object({ version: z.string(), method: z.int() }).nullable().default(null),
  counts: VerdictCounts,
  /** `below`: fails when the value is below theta; dominance: `above`. */
  direction: z.enum(['below', 'above']),
  /** null for metrics without a cap. */
  tau: Estimate.nullable(),
  theta: Estimate,
  youden: z.number(),
  auc: Estimate,
  aucByTau: z.array(z.object({ tau: z.number(), auc: z.number(), low: z.number(), high: z.number() })),
  roc: z.array(z.object({ falsePositiveRate: z.number(), truePositiveRate: z.number(), theta: z.number() })),
  histogram: z.object({
    low: z.number(),
    high: z.number(),
    failed: z.array(z.number()),
    accepted: z.array(z.number()),
  }),
  confusion: z.object({
    truePositive: z.int(),
    falsePositive: z.int(),
    trueNegative: z.int(),
    falseNegative: z.int(),
  }),
  crossValidation: z.object({
    folds: z.int(),
    auc: z.number().nullable(),
    balancedAccuracy: z.number().nullable(),
    mcc: z.number().nullable(),
  }),
  ranking: z.array(
    z.object({
      metric: Metric,
      auc: Estimate,
      /** AUC of the best metric minus this one, paired over resamples. */
      difference: Estimate,
      /** Two-sided p value of that difference from the same resamples, and after Holm's correction; null for the best metric. */
      p: z.number().nullable().default(null),
      pHolm: z.number().nullable().default(null),
    }),
  ),
  weighted: z.boolean(),
  hasRandomPart: z.boolean(),
  warnings: z.array(z.string()),
  verdictIds: z.array(Id),
  verdictHash: Hash,
})
export type CalibrationFit = z.infer<typeof CalibrationFit>

export const CalibrationVersion = z.object({
  id: Id,
  version: z.int(),
  fit: CalibrationFit,
  createdBy: z.string(),
  createdAt: Instant,
  active: z.boolean(),
  /** Verdicts by now that would change the fit, were it made again: given, changed or withdrawn since. */
  newerVerdicts: z.int(),
})
export type CalibrationVersion = z.infer<typeof CalibrationVersion>

/** Names a fit that is under way: its progress comes as events with this id, and it can be cancelled. */
const requestId = z.uuid().nullable().default(null)

/** What re-running a version from its row gave. */
export const Reproduction = z.object({
  /** Whether the new fit is the same JSON, byte by byte. */
  identical: z.boolean(),
  /** SHA-256 of the JSON that is stored, and of the new one. */
  stored: Hash,
  now: Hash,
  /** Paths of the fields that differ, e.g. `theta.low`; the first 20. */
  differences: z.array(z.string()),
  /** Why it may differ; empty where nothing is known. */
  reasons: z.array(z.string()),
})
export type Reproduction = z.infer<typeof Reproduction>

/** How two versions differ beyond their figures. */
export const VersionComparison = z.object({
  /** Verdicts that both were fitted on, and those of one alone. */
  verdicts: z.object({ both: z.int(), onlyFirst: z.int(), onlySecond: z.int() }),
  /** All maps that explain label or prediction, by which version predicts that they fail. */
  maps: z.object({ both: z.int(), onlyFirst: z.int(), onlySecond: z.int(), neither: z.int() }),
})
export type VersionComparison = z.infer<typeof VersionComparison>

export const PreviewRequest = z.object({
  metric: Metric,
  mode: FailureModeName,
  groupVerdicts: z.boolean().default(false),
  /** null for metrics without a cap. */
  tau: z.number().min(0).max(1).nullable(),
  theta: z.number(),
  /** Counts the maps of this stored version; null: those that are reviewed now. */
  versionId: Id.nullable().default(null),
})
export type PreviewRequest = z.infer<typeof PreviewRequest>

export const Preview = z.object({
  /** Of the reviewed maps. */
  histogram: CalibrationFit.shape.histogram,
  confusion: CalibrationFit.shape.confusion,
  /** Weighted as a fit is; null where a class is missing. */
  truePositiveRate: z.number().nullable(),
  falsePositiveRate: z.number().nullable(),
  /** All maps that explain label or prediction and for which the metric is defined, and those predicted to fail. */
  maps: z.int(),
  failing: z.int(),
})
export type Preview = z.infer<typeof Preview>

export const calibrationContract = {
  'calibration.counts': {
    input: z.object({ metric: Metric, mode: FailureModeName, groupVerdicts: z.boolean().default(false) }),
    output: VerdictCounts,
  },
  /** Fits without storing. */
  'calibration.fit': { input: CalibrationRequest.extend({ requestId }), output: CalibrationFit },
  /** Fits again with the same seed and stores the result as the next version. */
  'calibration.save': {
    input: CalibrationRequest.extend({ createdBy: PersonName, requestId }),
    output: CalibrationVersion,
  },
  /** Ends the fit with this id; whoever waits for it gets the error `cancelled`. */
  'calibration.cancel': { input: z.object({ requestId: z.uuid() }), output: z.object({}) },
  'calibration.list': { input: Empty, output: z.array(CalibrationVersion) },
  /** The `newerVerdicts` of every version, which change with each verdict while the versions do not. */
  'calibration.newer': { input: Empty, output: z.array(z.object({ id: Id, newerVerdicts: z.int() })) },
  /** Fits a version again from the verdicts of its row, and compares the bytes. */
  'calibration.reproduce': { input: z.object({ id: Id, requestId }), output: Reproduction },
  'calibration.compare': { input: z.object({ first: Id, second: Id }), output: VersionComparison },
  /** What another tau and theta would do to the reviewed maps and to all others; quick enough for every frame of a drag. */
  'calibration.preview': { input: PreviewRequest, output: Preview },
  /** How far the reviewers agree with each other and with themselves. */
  'calibration.agreement': { input: AgreementRequest.extend({ requestId }), output: Agreement },
  /** null goes back to the default. What is shown and exported follows it from then on. */
  'calibration.activate': {
    input: z.object({ id: Id.nullable(), by: PersonName }),
    output: ActiveCalibration,
  },
  /** Goes back to what was active before the last activation. */
  'calibration.undo': { input: z.object({ by: PersonName }), output: ActiveCalibration },
}
