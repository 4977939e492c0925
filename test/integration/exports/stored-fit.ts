import type { CalibrationFit } from '../../../src/shared/contract/calibration.ts'

/** A fit as the workspace stores it; only its parameters matter here. */
export function fitWith({
  tau,
  theta,
  verdictIds = [1, 2],
}: {
  tau: number
  theta: number
  verdictIds?: number[]
}): CalibrationFit {
  const estimate = (value: number) => ({ value, low: value, high: value })
  return {
    metric: 'capped_percentage',
    mode: 'single_item_dominance',
    seed: 0,
    resamples: 2000,
    groupVerdicts: false,
    rule: { kind: 'youden' },
    guarantee: null,
    source: null,
    code: null,
    counts: {
      ...{
        positives: 1,
        negatives: 1,
        ties: 0,
        unsure: 0,
        otherModes: 0,
        otherClass: 0,
        groupVerdicts: 0,
        undefined: 0,
      },
      ...{ missingPositives: 0, missingNegatives: 0 },
    },
    direction: 'below',
    tau: estimate(tau),
    theta: estimate(theta),
    youden: 1,
    auc: estimate(1),
    aucByTau: [],
    roc: [],
    histogram: { low: 0, high: 1, failed: [], accepted: [] },
    confusion: { truePositive: 1, falsePositive: 0, trueNegative: 1, falseNegative: 0 },
    crossValidation: { folds: 5, auc: null, balancedAccuracy: null, mcc: null },
    ranking: [],
    weighted: false,
    hasRandomPart: false,
    warnings: [],
    verdictIds,
    verdictHash: 'b'.repeat(64),
  }
}
