import { forEachResample, logitInterval, percentileInterval, resampledWeights } from './bootstrap.ts'
import { fit, type Detector, type Fit } from './detector.ts'
import type { Sample } from './observations.ts'
import { rocAuc } from './roc.ts'
import type { Chooser } from './threshold-rule.ts'

/** What each resample gave; NaN where it held one class only. */
export interface Resampled {
  /** Tau of the resample's own search (NaN for metrics without one), and the threshold at that tau. */
  taus: Float64Array
  thresholds: Float64Array
  /** AUC at each of the detector's taus. */
  aucsByStep: Float64Array[]
  /** AUC of each rival at its own tau, which stays as fitted. */
  rivalAucs: Float64Array[]
}

/** How often progress is told: every so many resamples. */
const PROGRESS_EVERY = 20

/** Fits again on seeded resamples of the base sequences; all rivals see the same resamples, so they can be paired. */
export function resampleFits({
  sample,
  detector,
  chooser,
  rivals,
  seed,
  resamples,
  onProgress,
}: {
  sample: Sample
  detector: Detector
  chooser: Chooser
  rivals: readonly Fit[]
  seed: number
  resamples: number
  onProgress: (done: number, total: number) => void
}): Resampled {
  const column = () => new Float64Array(resamples).fill(NaN)
  const resampled: Resampled = {
    taus: column(),
    thresholds: column(),
    aucsByStep: detector.taus.map(column),
    rivalAucs: rivals.map(column),
  }
  const weights = new Float64Array(sample.weights.length)
  forEachResample(sample.sequences, { seed, resamples }, (drawn, resample) => {
    resampledWeights(sample, drawn, weights)
    const fitted = fit(detector, weights, chooser)
    if (fitted !== null) {
      resampled.taus[resample] = fitted.tau ?? NaN
      resampled.thresholds[resample] = fitted.threshold
      resampled.aucsByStep.forEach((aucs, step) => (aucs[resample] = fitted.aucs[step] ?? NaN))
    }
    resampled.rivalAucs.forEach((aucs, rival) => {
      const ranking = rivals[rival]?.ranking
      if (ranking !== undefined) aucs[resample] = rocAuc(ranking, weights)
    })
    if ((resample + 1) % PROGRESS_EVERY === 0 || resample + 1 === resamples)
      onProgress(resample + 1, resamples)
  })
  return resampled
}

/** A ROC-AUC with its 95 % interval, see {@link logitInterval}. */
export function aucEstimate(value: number, resampled: Iterable<number>) {
  return { value, ...logitInterval(value, resampled) }
}

/** A value with the 95 % percentile interval of its resamples. */
export function estimate(value: number, resampled: Iterable<number>) {
  return { value, ...percentileInterval(resampled) }
}
