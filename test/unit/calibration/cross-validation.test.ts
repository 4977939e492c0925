import { describe, expect, it } from 'vitest'
import { crossValidate, FOLDS, groupedFolds } from '../../../src/engine/calibration/cross-validation.ts'
import { detectorOf } from '../../../src/engine/calibration/detector.ts'
import { sampleOf } from '../../../src/engine/calibration/observations.ts'
import { syntheticObservations } from '../../../src/hosts/bench/synthetic-observations.ts'
import { aucOfPairs, youdenAt } from './samples.ts'

describe('groupedFolds', () => {
  const sample = sampleOf(
    syntheticObservations(200, { perSequence: 4 }).map((row, at) => ({ ...row, fails: at % 16 === 0 })),
  )
  const folds = groupedFolds(sample, 3)

  it('keeps all maps of a sequence in one fold', () => {
    const foldsOf = new Map<number, Set<number>>()
    folds.forEach((fold, at) => {
      const sequence = sample.sequence[at] ?? -1
      foldsOf.set(sequence, (foldsOf.get(sequence) ?? new Set()).add(fold))
    })
    expect(foldsOf.size).toBe(50)
    for (const own of foldsOf.values()) expect(own.size).toBe(1)
  })

  it('deals sequences, and those with failures, evenly', () => {
    const sequencesIn = (fold: number, onlyFailing: boolean) =>
      new Set(
        [...sample.sequence.keys()]
          .filter((at) => folds[at] === fold && (!onlyFailing || sample.fails[at] === 1))
          .map((at) => sample.sequence[at]),
      ).size
    for (const onlyFailing of [false, true]) {
      const counts = Array.from({ length: FOLDS }, (_, fold) => sequencesIn(fold, onlyFailing))
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
    }
  })

  it('depends on the seed alone', () => {
    expect(groupedFolds(sample, 3)).toEqual(folds)
    expect(groupedFolds(sample, 4)).not.toEqual(folds)
  })
})

describe('crossValidate', () => {
  const observations = syntheticObservations(120, { seed: 5 })
  const sample = sampleOf(observations)

  it('equals a search by hand that never sees the held-out fold', () => {
    const folds = groupedFolds(sample, 8)
    const aucs: number[] = []
    const cells = { hit: 0, failing: 0, right: 0, accepted: 0 }
    const dominance = observations.map(({ shares: [a = 0, b = 0] }) => -Math.max(a, b) / (a + b))
    for (let fold = 0; fold < FOLDS; fold += 1) {
      const pick = (held: boolean) => [...folds.keys()].filter((at) => (folds[at] === fold) === held)
      const column = (values: ArrayLike<number>, rows: number[]) => rows.map((at) => values[at] ?? NaN)
      const [train, test] = [pick(false), pick(true)]
      const distinct = column(dominance, train).sort((a, b) => a - b)
      const judged = distinct.slice(1).map((score, at) => {
        const threshold = (score + (distinct[at] ?? NaN)) / 2
        const parts = [dominance, sample.fails, sample.weights].map((values) => column(values, train))
        const [scores = [], fails = [], weights = []] = parts
        return { threshold, youden: youdenAt(threshold, scores, fails, weights) }
      })
      const best = judged.reduce((a, b) => (b.youden > a.youden + 1e-12 ? b : a))
      aucs.push(aucOfPairs(column(dominance, test), column(sample.fails, test), column(sample.weights, test)))
      for (const at of test) {
        const weight = sample.weights[at] ?? NaN
        const below = (dominance[at] ?? NaN) < best.threshold
        if (sample.fails[at] === 1) {
          cells.failing += weight
          cells.hit += below ? weight : 0
        } else {
          cells.accepted += weight
          cells.right += below ? 0 : weight
        }
      }
    }
    const found = crossValidate(detectorOf(sample, 'dominance'), sample, 8)
    expect(found.folds).toBe(FOLDS)
    expect(found.auc).toBeCloseTo(aucs.reduce((sum, auc) => sum + auc, 0) / FOLDS, 10)
    expect(found.balancedAccuracy).toBeCloseTo(
      (cells.hit / cells.failing + cells.right / cells.accepted) / 2,
      10,
    )
  })

  it('is near chance when the verdicts have nothing to do with the maps', () => {
    const shuffled = observations.map((row, at) => ({ ...row, fails: at % 3 === 0, probability: null }))
    const random = sampleOf(shuffled)
    const { balancedAccuracy, mcc } = crossValidate(detectorOf(random, 'capped_percentage'), random, 1)
    expect(Math.abs((balancedAccuracy ?? NaN) - 0.5)).toBeLessThan(0.15)
    expect(Math.abs(mcc ?? NaN)).toBeLessThan(0.3)
  })

  it('counts the folds that could be fitted when failures come from one sequence', () => {
    const oneSequence = sampleOf(
      observations.map((row, at) => ({ ...row, fails: at < 12, sequenceId: at < 12 ? 1 : row.sequenceId })),
    )
    const result = crossValidate(detectorOf(oneSequence, 'dominance'), oneSequence, 1)
    expect(result.folds).toBe(FOLDS - 1)
    expect(result).toMatchObject({ auc: null, balancedAccuracy: null, mcc: null })
  })
})
