import { describe, expect, it } from 'vitest'
import { bestTauStep, TAUS } from '../../../src/engine/calibration/tau-search.ts'

/** AUC .5 everywhere but at the given taus. */
const aucs = (peaks: Record<string, number>) => TAUS.map((tau) => peaks[tau.toFixed(2)] ?? 0.5)
const bestTau = (peaks: Record<string, number>) => TAUS[bestTauStep(aucs(peaks))]

describe('bestTauStep', () => {
  it('tries .50 to 1.00 in steps of .01', () => {
    expect(TAUS).toHaveLength(51)
    expect(TAUS.map((tau) => tau.toFixed(2))).toEqual(
      Array.from({ length: 51 }, (_, step) => ((50 + step) / 100).toFixed(2)),
    )
  })

  it.each([
    ['the largest AUC', { '0.55': 0.9, '0.80': 0.8 }, 0.55],
    ['the first step', { '0.50': 0.9 }, 0.5],
    ['the last step', { '1.00': 0.9 }, 1],
    ['on a tie the tau nearest .80', { '0.60': 0.9, '0.95': 0.9 }, 0.95],
    ['the nearest also from below', { '0.70': 0.9, '0.95': 0.9 }, 0.7],
    ['at the same distance the smaller', { '0.72': 0.9, '0.88': 0.9 }, 0.72],
    ['.80 when nothing differs', {}, 0.8],
    ['a tie within 1e-12', { '0.80': 0.9, '0.50': 0.9 + 5e-13 }, 0.8],
    ['no tie beyond 1e-12', { '0.80': 0.9, '0.50': 0.9 + 5e-12 }, 0.5],
  ])('takes %s', (_, peaks, expected) => {
    expect(bestTau(peaks)).toBe(expected)
  })

  it('measures ties from the maximum, not from neighbour to neighbour', () => {
    expect(bestTau({ '0.80': 0.9, '0.81': 0.9 + 8e-13, '0.82': 0.9 + 1.6e-12 })).toBe(0.81)
  })
})
