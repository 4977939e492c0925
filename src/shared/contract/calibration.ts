import { z } from 'zod'
import { ActiveCalibration } from './workspace.ts'
import { Empty, FailureModeName, Hash, Id, Instant, Metric, PersonName, Seed } from './common.ts'

/** An estimate with its 95 % bootstrap interval. */
export const Estimate = z.object({ value: z.number(), low: z.number(), high: z.number() })
export type Estimate = z.infer<typeof Estimate>

export const CalibrationRequest = z.object({
  metric: Metric.default('capped_percentage'),
  mode: FailureModeName.default('single_item_dominance'),
  seed: Seed.default(0),
  resamples: z.int().min(100).max(10_000).default(2000),
  /** Whether verdicts that went to whole groups count too. */
  groupVerdicts: z.boolean().default(false),
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
})
export type CalibrationVersion = z.infer<typeof CalibrationVersion>

export const calibrationContract = {
  'calibration.counts': {
    input: z.object({ metric: Metric, mode: FailureModeName, groupVerdicts: z.boolean().default(false) }),
    output: VerdictCounts,
  },
  /** Fits without storing. */
  'calibration.fit': { input: CalibrationRequest, output: CalibrationFit },
  /** Fits again with the same seed and stores the result as the next version. */
  'calibration.save': {
    input: CalibrationRequest.extend({ createdBy: PersonName }),
    output: CalibrationVersion,
  },
  'calibration.list': { input: Empty, output: z.array(CalibrationVersion) },
  /** null goes back to the default. What is shown and exported follows it from then on. */
  'calibration.activate': {
    input: z.object({ id: Id.nullable(), by: PersonName }),
    output: ActiveCalibration,
  },
  /** Goes back to what was active before the last activation. */
  'calibration.undo': { input: z.object({ by: PersonName }), output: ActiveCalibration },
}
