import { describe, expect, it } from 'vitest'
import { forEachResample, resampledWeights } from '../../../src/engine/calibration/bootstrap.ts'
import { detectorOf, fit } from '../../../src/engine/calibration/detector.ts'
import {
  failureScores,
  sampleOf,
  type Observation,
  type Sample,
} from '../../../src/engine/calibration/observations.ts'
import { rank, rocAuc } from '../../../src/engine/calibration/roc.ts'
import { YOUDEN } from '../../../src/engine/calibration/threshold-rule.ts'
import { aucEstimate, estimate, resampleFits } from '../../../src/engine/calibration/uncertainty.ts'
import { youdenThreshold } from '../../../src/engine/calibration/youden.ts'
import { cappedPercentage } from '../../../src/engine/metrics/percentage.ts'
import { aucOfCapped, aucOfDominance, reviewWorstFirst, simulateMaps, TRUTH } from './simulated-reviewers.ts'

/** The exhaustive run takes as many runs and resamples for tau and theta as docs/calibration.md states; otherwise fewer. */
const exhaustive = process.env['HEATPROOF_EXHAUSTIVE'] === '1'
const FITS = exhaustive ? { runs: 200, resamples: 1000 } : { runs: 60, resamples: 200 }

/** Stands for all maps there could be. */
const population = simulateMaps(200_000, 999)

const unweighted = (rows: readonly Observation[]) => rows.map((row) => ({ ...row, probability: null }))
const holds = ({ low, high }: { low: number; high: number }, truth: number) =>
  low - 1e-9 <= truth && truth <= high + 1e-9
const share = (covered: readonly boolean[]) => covered.filter(Boolean).length / covered.length
/** 95 % ± 3, of 200 runs; what fewer runs can tell is less. */
const LEAST = exhaustive ? 0.92 : 0.9
const MOST = exhaustive ? 0.98 : 1

function dominanceInterval(sample: Sample, seed: number) {
  const ranking = rank(failureScores(sample, 'dominance', null), sample.fails)
  const weights = new Float64Array(sample.weights.length)
  const aucs: number[] = []
  forEachResample(sample.sequences, { seed, resamples: 300 }, (drawn) =>
    aucs.push(rocAuc(ranking, resampledWeights(sample, drawn, weights))),
  )
  return aucEstimate(rocAuc(ranking, sample.weights), aucs)
}

describe('of reviewers who show themselves the worst first, and a random part', () => {
  it('the interval of a ROC-AUC holds that of all maps in 95 ± 3 % of 200 runs, and not without weights', () => {
    const truth = aucOfDominance(population)
    const runs = Array.from({ length: 200 }, (_, seed) => {
      const rows = reviewWorstFirst(simulateMaps(2000, seed), { size: 400, randomShare: 0.3, seed })
      return [rows, unweighted(rows)].map((own) => holds(dominanceInterval(sampleOf(own), seed), truth))
    })
    const weighted = share(runs.map(([own]) => own === true))
    expect(weighted).toBeGreaterThanOrEqual(0.92)
    expect(weighted).toBeLessThanOrEqual(0.98)
    expect(share(runs.map(([, own]) => own === true))).toBeLessThan(0.5)
  })

  it('the intervals of tau, theta and the ROC-AUC hold the truth, and that of theta does not without weights', () => {
    const auc = aucOfCapped(population, TRUTH.tau)
    const theta = youdenThreshold(
      rank(
        Float64Array.from(population, ({ shares }) => cappedPercentage(shares, [1, 1, 0], TRUTH.tau)),
        Uint8Array.from(population, ({ fails }) => Number(fails)),
      ),
      new Float64Array(population.length).fill(1),
    ).threshold
    const runs = Array.from({ length: FITS.runs }, (_, seed) => {
      const rows = reviewWorstFirst(simulateMaps(1000, seed), { size: 300, randomShare: 0.5, seed })
      const [own, plain] = [rows, unweighted(rows)].map((maps) => {
        const intervals = intervalsOf(sampleOf(maps), seed)
        return {
          tau: holds(intervals.tau, TRUTH.tau),
          theta: holds(intervals.theta, theta),
          auc: holds(intervals.auc, auc),
        }
      })
      return { ...(own ?? { tau: false, theta: false, auc: false }), plain: plain?.theta === true }
    })
    for (const name of ['tau', 'theta', 'auc'] as const) {
      const rate = share(runs.map((run) => run[name]))
      expect(rate).toBeGreaterThanOrEqual(LEAST)
      expect(rate).toBeLessThanOrEqual(MOST)
    }
    expect(share(runs.map(({ plain }) => plain))).toBeLessThan(0.6)
  })
})

function intervalsOf(sample: Sample, seed: number) {
  const detector = detectorOf(sample, 'capped_percentage')
  const fitted = fit(detector, sample.weights)
  const { taus, thresholds, aucsByStep } = resampleFits({
    ...{ sample, detector, chooser: YOUDEN, rivals: [], seed, resamples: FITS.resamples },
    onProgress: () => undefined,
  })
  return {
    tau: estimate(fitted?.tau ?? NaN, taus),
    theta: estimate(fitted?.threshold ?? NaN, thresholds),
    auc: aucEstimate(fitted?.auc ?? NaN, aucsByStep[fitted?.step ?? 0] ?? []),
  }
}
