import { describe, expect, it } from 'vitest'
import {
  forEachResample,
  logitInterval,
  percentileInterval,
} from '../../../src/engine/calibration/bootstrap.ts'
import { fitCalibration } from '../../../src/engine/calibration/calibrate.ts'
import type { Observation } from '../../../src/engine/calibration/observations.ts'
import { syntheticObservations } from '../../../src/hosts/bench/synthetic-observations.ts'
import { aucOfPairs, youdenAt } from './samples.ts'

/** Failing for either of two reasons, so that the best tau lies between the borders and moves with the sample. */
const observations: Observation[] = syntheticObservations(70, { seed: 8 }).map((row) => {
  const [first = 0, second = 0, odd = 0] = row.shares
  return { ...row, fails: odd > 0.35 || Math.max(first, second) > 0.78 }
})
const sequences = [...new Set(observations.map(({ sequenceId }) => sequenceId))]
const TAUS = Array.from({ length: 51 }, (_, step) => (50 + step) / 100)
const options = { seed: 5, resamples: 40 }

/** A resample written out: every map as often as its sequence was drawn. */
function resampleOf(drawn: Int32Array): Observation[] {
  return observations.flatMap((row) =>
    Array.from({ length: drawn[sequences.indexOf(row.sequenceId)] ?? 0 }, () => row),
  )
}

/** Marks are (1, 1, 0) throughout. */
function capped(rows: readonly Observation[], tau: number): number[] {
  return rows.map(({ shares: [a = 0, b = 0] }) => Math.min(a, tau) + Math.min(b, tau))
}

function auc(rows: readonly Observation[], scores: number[]): number {
  return aucOfPairs(
    scores,
    rows.map(({ fails }) => Number(fails)),
    rows.map(({ probability }) => 1 / (probability ?? NaN)),
  )
}

function search(rows: readonly Observation[]) {
  const aucs = TAUS.map((tau) => auc(rows, capped(rows, tau)))
  const highest = Math.max(...aucs)
  const [tau = NaN] = TAUS.filter((_, step) => (aucs[step] ?? 0) >= highest - 1e-12).toSorted(
    (a, b) => Math.abs(Math.round(100 * a) - 80) - Math.abs(Math.round(100 * b) - 80) || a - b,
  )
  const scores = capped(rows, tau)
  const distinct = [...new Set(scores)].sort((a, b) => a - b)
  const [fails, weights] = [
    rows.map((row) => Number(row.fails)),
    rows.map(({ probability }) => 1 / (probability ?? NaN)),
  ]
  const judged = distinct.slice(1).map((score, at) => {
    const theta = (score + (distinct[at] ?? NaN)) / 2
    return { theta, youden: youdenAt(theta, scores, fails, weights) }
  })
  return { aucs, tau, theta: judged.reduce((a, b) => (b.youden > a.youden + 1e-12 ? b : a)).theta }
}

describe('bootstrap intervals', () => {
  const fitted = fitCalibration({
    observations,
    metric: 'capped_percentage',
    mode: 'single_item_dominance',
    ...options,
  })
  const resamples: Observation[][] = []
  forEachResample(sequences.length, options, (drawn) => resamples.push(resampleOf(drawn)))
  const searches = resamples.map(search)
  const expectAuc = (
    found: { low: number; high: number } | null | undefined,
    value: number,
    aucs: number[],
  ) => {
    const { low, high } = logitInterval(value, aucs)
    expect(found?.low).toBeCloseTo(low, 9)
    expect(found?.high).toBeCloseTo(high, 9)
  }
  const expectInterval = (found: { low: number; high: number } | null | undefined, values: number[]) => {
    const { low, high } = percentileInterval(values)
    expect(found?.low).toBeCloseTo(low, 9)
    expect(found?.high).toBeCloseTo(high, 9)
  }

  it('have a best tau between the borders, which varies', () => {
    expect(fitted.tau?.value).toBeGreaterThan(0.5)
    expect(fitted.tau?.value).toBeLessThan(1)
    expect(fitted.tau?.low ?? NaN).toBeLessThan(fitted.tau?.high ?? NaN)
  })

  it('of tau and theta equal new searches in resamples written out', () => {
    expectInterval(
      fitted.tau,
      searches.map(({ tau }) => tau),
    )
    expectInterval(
      fitted.theta,
      searches.map(({ theta }) => theta),
    )
  })

  it('of the AUC stay at each tau, and at the fitted one', () => {
    fitted.aucByTau.forEach((row, step) =>
      expectAuc(
        row,
        row.auc,
        searches.map(({ aucs }) => aucs[step] ?? NaN),
      ),
    )
    const step = TAUS.indexOf(fitted.tau?.value ?? NaN)
    expectAuc(
      fitted.auc,
      fitted.auc.value,
      searches.map(({ aucs }) => aucs[step] ?? NaN),
    )
  })

  it('of differences are paired', () => {
    const [best] = fitted.ranking
    const percentages = resamples.map((rows) => auc(rows, capped(rows, 1)))
    const dominances = resamples.map((rows) =>
      auc(
        rows,
        rows.map(({ shares: [a = 0, b = 0] }) => -Math.max(a, b) / (a + b)),
      ),
    )
    const step = TAUS.indexOf(fitted.tau?.value ?? NaN)
    const own = searches.map(({ aucs }) => aucs[step] ?? NaN)
    const byMetric: Record<string, number[]> = {
      percentage: percentages,
      dominance: dominances,
      capped_percentage: own,
    }
    const bestAucs = byMetric[best?.metric ?? ''] ?? []
    expect(bestAucs).toHaveLength(options.resamples)
    for (const [metric, aucs] of Object.entries(byMetric)) {
      const row = fitted.ranking.find((ranked) => ranked.metric === metric)
      expectAuc(row?.auc, row?.auc.value ?? NaN, aucs)
      expectInterval(
        row?.difference,
        aucs.map((value, at) => (bestAucs[at] ?? NaN) - value),
      )
    }
  })
})
