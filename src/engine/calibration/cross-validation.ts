import { seededGenerator } from '../../shared/seeds.ts'
import {
  addConfusions,
  balancedAccuracy,
  confusionAt,
  matthewsCorrelation,
  NO_CONFUSION,
} from './confusion.ts'
import { fit, type Detector } from './detector.ts'
import type { Sample } from './observations.ts'
import { rocAuc } from './roc.ts'
import { YOUDEN, type Chooser } from './threshold-rule.ts'

export const FOLDS = 5

/**
 * Deals the base sequences to folds: shuffled by the seed, those with a failing map first, so that failures are spread
 * evenly and all maps of a sequence are in one fold.
 *
 * @returns the fold of each observation, 0 .. FOLDS - 1
 */
export function groupedFolds({ fails, sequence, sequences }: Sample, seed: number): Int32Array {
  const generator = seededGenerator(seed, 'cross-validation')
  const failing = new Uint8Array(sequences)
  sequence.forEach((group, at) => (failing[group] = (failing[group] ?? 0) | (fails[at] ?? 0)))
  const keys = Array.from({ length: sequences }, () => generator.uniformInt(0, 0x7fffffff))
  const dealt = Array.from(keys.keys()).sort(
    (a, b) => (failing[b] ?? 0) - (failing[a] ?? 0) || (keys[a] ?? 0) - (keys[b] ?? 0) || a - b,
  )
  const foldOf = new Int32Array(sequences)
  dealt.forEach((group, position) => (foldOf[group] = position % FOLDS))
  return sequence.map((group) => foldOf[group] ?? 0)
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
