import {
  addConfusions,
  balancedAccuracy,
  confusionAt,
  matthewsCorrelation,
  NO_CONFUSION,
} from './confusion.ts'
import { dealSequences } from './deal-sequences.ts'
import { fit, type Detector } from './detector.ts'
import type { Sample } from './observations.ts'
import { rocAuc } from './roc.ts'
import { YOUDEN, type Chooser } from './threshold-rule.ts'

export const FOLDS = 5

/** The fold of each observation, 0 .. FOLDS - 1; all maps of a sequence are in one fold. */
export function groupedFolds(sample: Sample, seed: number): Int32Array {
  return dealSequences(sample, { seed, scope: 'cross-validation', parts: FOLDS })
}

export interface CrossValidation {
  /** Folds that could be fitted and judged. */
  folds: number
  /** Mean over the folds that hold both classes. */
  auc: number | null
  /** Of the predictions of all folds together. */
  balancedAccuracy: number | null
  mcc: number | null
}

/** Fits tau and theta on four fifths of the sequences and judges them on the rest, five times; weighted as the fit is. */
export function crossValidate(
  detector: Detector,
  sample: Sample,
  seed: number,
  chooser: Chooser = YOUDEN,
): CrossValidation {
  const foldOf = groupedFolds(sample, seed)
  const aucs: number[] = []
  let folds = 0
  let confusion = NO_CONFUSION
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const trained = fit(
      detector,
      sample.weights.map((weight, at) => (foldOf[at] === fold ? 0 : weight)),
      chooser,
    )
    const held = sample.weights.map((weight, at) => (foldOf[at] === fold ? weight : 0))
    if (trained === null || held.every((weight) => weight === 0)) continue
    folds += 1
    confusion = addConfusions(confusion, confusionAt(trained.ranking, trained.threshold, held))
    const auc = rocAuc(trained.ranking, held)
    if (!Number.isNaN(auc)) aucs.push(auc)
  }
  return {
    folds,
    auc: aucs.length === 0 ? null : aucs.reduce((sum, auc) => sum + auc, 0) / aucs.length,
    balancedAccuracy: balancedAccuracy(confusion),
    mcc: matthewsCorrelation(confusion),
  }
}
