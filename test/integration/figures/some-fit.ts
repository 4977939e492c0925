import type { CalibrationFit } from '../../../src/shared/contract/calibration.ts'

const estimate = (value: number) => ({ value, low: value, high: value })

/** A fit of the given tau whose other figures do not matter. */
export function someFit({ tau }: { tau: number }): CalibrationFit {
  return {
    metric: 'capped_percentage',
    mode: 'single_item_dominance',
    seed: 0,
    resamples: 100,
    groupVerdicts: false,
    rule: { kind: 'youden' },
    guarantee: null,
    source: null,
    code: null,
    counts: {
      positives: 10,
      negatives: 10,
      ties: 0,
      unsure: 0,
      otherModes: 0,
      otherClass: 0,
      groupVerdicts: 0,
      undefined: 0,
      missingPositives: 0,
      missingNegatives: 0,
    },
    direction: 'below',
    tau: estimate(tau),
    theta: estimate(0.7),
    youden: 1,
    auc: estimate(1),
    aucByTau: [],
    roc: [],
    histogram: { low: 0, high: 1, failed: [], accepted: [] },
    confusion: { truePositive: 10, falsePositive: 0, trueNegative: 10, falseNegative: 0 },
    crossValidation: { folds: 5, auc: 1, balancedAccuracy: 1, mcc: 1 },
    ranking: [],
    weighted: false,
    hasRandomPart: false,
    warnings: [],
    verdictIds: [],
    verdictHash: '0'.repeat(64),
  }
}
