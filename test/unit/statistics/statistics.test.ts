import { describe, expect, it } from 'vitest'
import { anova, tukey } from '../../../src/engine/statistics/anova.ts'
import { cliffsDelta } from '../../../src/engine/statistics/cliffs-delta.ts'
import { holm } from '../../../src/engine/statistics/holm.ts'
import { pairedT } from '../../../src/engine/statistics/paired-t.ts'
import { meanRanks, wilcoxon } from '../../../src/engine/statistics/wilcoxon.ts'
import golden from './golden.json' with { type: 'json' }

/** Tail probabilities agree relatively, down to 1e-30. */
function expectSame(found: number | undefined, wanted: number, tolerance = 1e-9) {
  expect(Math.abs((found ?? NaN) - wanted)).toBeLessThanOrEqual(tolerance * Math.abs(wanted))
}

describe('statistics against scipy and statsmodels (golden.py)', () => {
  it.each(golden.paired)('paired tests of $left.length pairs', (row) => {
    const differences = row.left.map((value, index) => value - (row.right[index] ?? NaN))
    const t = pairedT(differences)
    expectSame(t?.t, row.t)
    expectSame(t?.p, row.tP)
    expectSame(t?.low, row.low)
    expectSame(t?.high, row.high)
    const signed = wilcoxon(differences)
    expect(signed?.statistic).toBe(row.wilcoxon)
    expectSame(signed?.p, row.wilcoxonP)
    expect(cliffsDelta(row.left, row.right)).toBeCloseTo(row.cliff, 12)
  })

  it.each(golden.groups)('ANOVA and Tukey HSD of $groups.length groups', ({ groups, f, p, tukey: pairs }) => {
    const found = anova(groups)
    expectSame(found?.f, f)
    expectSame(found?.p, p)
    for (const { left, right, p: wanted } of pairs) {
      const value = found === null ? NaN : tukey(found, groups[left] ?? [], groups[right] ?? [])
      expect(value).toBeCloseTo(wanted, 8)
    }
  })

  it('Holm', () => {
    holm(golden.holm.p).forEach((value, index) =>
      expectSame(value ?? NaN, golden.holm.adjusted[index] ?? NaN),
    )
  })
})

describe('what is undefined is null', () => {
  it('paired t of one pair, and of differences that are all the same', () => {
    expect(pairedT([0.1])).toBeNull()
    expect(pairedT([])).toBeNull()
    expect(pairedT([0.1, 0.1, 0.3 - 0.2])).toBeNull()
  })

  it('Wilcoxon without a difference', () => {
    expect(wilcoxon([])).toBeNull()
    expect(wilcoxon([0, 0])).toBeNull()
  })

  it('ANOVA of one group, of an empty one, of single values and of equal values', () => {
    expect(anova([[1, 2, 3]])).toBeNull()
    expect(anova([[1, 2], []])).toBeNull()
    expect(anova([[1], [2]])).toBeNull()
    expect(
      anova([
        [1, 1],
        [2, 2],
      ]),
    ).toBeNull()
  })

  it("Cliff's delta of nothing", () => {
    expect(cliffsDelta([], [1])).toBeNull()
  })

  it('Holm passes over tests that are undefined', () => {
    expect(holm([0.02, null, 0.04])).toEqual([0.04, null, 0.04])
  })
})

describe('exact p values', () => {
  it('five differences of one sign have 2 of the 32 signs', () => {
    expect(wilcoxon([1, 2, 3, 4, 5])?.p).toBe(2 / 32)
  })

  it('equal differences count however they were summed', () => {
    expect(wilcoxon([0.1, 0.3 - 0.2, -0.1])?.p).toBe(wilcoxon([1, 1, -1])?.p)
  })

  it('equal values share their mean rank', () => {
    expect(meanRanks([3, 1, 3, 2])).toEqual([3.5, 1, 3.5, 2])
  })
})
