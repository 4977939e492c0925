import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { specificAgreement, tallyAll } from '../../../src/engine/calibration/agreement.ts'
import { ac1Of, alphaOf, cohenOf, fleissOf } from './agreement-of.ts'

type Word = 'accept' | 'fail' | 'unsure'
const CATEGORIES: Word[] = ['accept', 'fail', 'unsure']
const word = fc.constantFrom(...CATEGORIES)
const complete = fc.array(fc.tuple(word, word, word), { minLength: 2, maxLength: 30 })
const gappy = fc.array(fc.array(fc.option(word), { minLength: 3, maxLength: 3 }), {
  minLength: 2,
  maxLength: 30,
})

/** Krippendorff's alpha from the coincidence matrix, as in his "Computing Krippendorff's alpha-reliability". */
function alphaByCoincidences(heatmaps: (Word | null)[][]): number | null {
  const coincidences = CATEGORIES.map(() => CATEGORIES.map(() => 0))
  for (const ratings of heatmaps) {
    const given = ratings.filter((rating) => rating !== null)
    if (given.length < 2) continue
    given.forEach((a, one) =>
      given.forEach((b, other) => {
        const row = coincidences[CATEGORIES.indexOf(a)]
        const column = CATEGORIES.indexOf(b)
        if (row !== undefined && one !== other) row[column] = (row[column] ?? 0) + 1 / (given.length - 1)
      }),
    )
  }
  const marginals = coincidences.map((row) => row.reduce((sum, value) => sum + value, 0))
  const n = marginals.reduce((sum, value) => sum + value, 0)
  let observed = 0
  let expected = 0
  CATEGORIES.forEach((_, a) =>
    CATEGORIES.forEach((__, b) => {
      if (a === b) return
      observed += coincidences[a]?.[b] ?? 0
      expected += (marginals[a] ?? 0) * (marginals[b] ?? 0)
    }),
  )
  return expected === 0 ? null : 1 - ((n - 1) * observed) / expected
}

/** Chance-corrected agreement of random pairs of ratings, drawn in every possible way. */
function fleissByPairs(heatmaps: Word[][]): number | null {
  let agreeing = 0
  let pairs = 0
  for (const ratings of heatmaps) {
    ratings.forEach((a, one) =>
      ratings.forEach((b, other) => {
        if (one === other) return
        pairs += 1
        agreeing += Number(a === b)
      }),
    )
  }
  const all = heatmaps.flat()
  const chance =
    all.flatMap((a) => all.map((b) => Number(a === b))).reduce((sum, value) => sum + value, 0) /
    all.length ** 2
  return chance === 1 ? null : (agreeing / pairs - chance) / (1 - chance)
}

function expectSame(found: number | null, expected: number | null): void {
  if (expected === null) expect(found).toBeNull()
  else expect(found).toBeCloseTo(expected, 9)
}

describe('cohenKappa', () => {
  it('gives the textbook value', () => {
    // 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no: observed .7, expected .5.
    const table = [
      [20, 'fail', 'fail'],
      [5, 'fail', 'accept'],
      [10, 'accept', 'fail'],
      [15, 'accept', 'accept'],
    ] as const
    const pairs = table.flatMap(([count, a, b]) => Array.from({ length: count }, () => [a, b] as const))
    expect(
      cohenOf(
        pairs.map(([a]) => a),
        pairs.map(([, b]) => b),
      ),
    ).toBeCloseTo(0.4, 12)
  })

  it('drops what either left out', () => {
    const [a, b] = [
      ['fail', 'accept', 'fail', null, 'accept'],
      ['fail', 'accept', null, 'fail', 'fail'],
    ] satisfies (Word | null)[][]
    expect(cohenOf(a ?? [], b ?? [])).toBeCloseTo(
      cohenOf(['fail', 'accept', 'accept'], ['fail', 'accept', 'fail']) ?? NaN,
      12,
    )
  })

  it('is 1 for full agreement, undefined without variety or common heatmaps, and symmetric', () => {
    expect(cohenOf(['fail', 'accept'], ['fail', 'accept'])).toBe(1)
    expect(cohenOf(['fail', 'fail'], ['fail', 'fail'])).toBeNull()
    expect(cohenOf(['fail', null], [null, 'fail'])).toBeNull()
    fc.assert(
      fc.property(complete, (rows) => {
        const [a, b] = [rows.map(([first]) => first), rows.map(([, second]) => second)]
        expectSame(cohenOf(a, b), cohenOf(b, a))
      }),
    )
  })
})

describe('fleissKappa', () => {
  it('equals the count over all pairs of ratings', () => {
    fc.assert(fc.property(complete, (rows) => expectSame(fleissOf(rows), fleissByPairs(rows))))
  })

  it('takes only heatmaps that every reviewer has rated', () => {
    const complete: Word[][] = [
      ['fail', 'fail'],
      ['fail', 'accept'],
    ]
    expect(fleissOf([...complete, ['fail', null], [null, null]])).toBe(fleissOf(complete))
    expect(fleissOf([['fail', null]])).toBeNull()
  })

  it('is undefined without heatmaps, reviewers or variety', () => {
    expect(fleissOf([])).toBeNull()
    expect(fleissOf([['fail'], ['accept']])).toBeNull()
    expect(fleissOf([['fail', 'fail']])).toBeNull()
  })
})

describe('krippendorffAlpha', () => {
  it('equals the coincidence-matrix form, gaps and all', () => {
    fc.assert(fc.property(gappy, (rows) => expectSame(alphaOf(rows), alphaByCoincidences(rows))))
  })

  it('ignores heatmaps with one rating', () => {
    const rows: (Word | null)[][] = [
      ['fail', 'fail', null],
      ['accept', null, 'fail'],
      ['accept', 'accept', 'accept'],
    ]
    expect(alphaOf([...rows, ['unsure', null, null]])).toBe(alphaOf(rows))
    expect(alphaOf([['fail', null]])).toBeNull()
  })
})

describe('gwetAc1', () => {
  it('gives the value worked out by hand', () => {
    // Agreement (1 + 0) / 2; prevalence over three heatmaps: fail (1 + .5 + 1) / 3, accept .5 / 3.
    const rows: (Word | null)[][] = [
      ['fail', 'fail'],
      ['fail', 'accept'],
      ['fail', null],
    ]
    const [fail, accept] = [2.5 / 3, 0.5 / 3]
    const expected = (fail * (1 - fail) + accept * (1 - accept)) / 2
    expect(ac1Of(rows, CATEGORIES)).toBeCloseTo((0.5 - expected) / (1 - expected), 12)
  })

  it('counts categories that nobody used', () => {
    const rows: Word[][] = [
      ['fail', 'accept'],
      ['fail', 'fail'],
    ]
    expect(ac1Of(rows, CATEGORIES)).not.toBe(ac1Of(rows, ['accept', 'fail']))
  })

  it('is 1 for full agreement and undefined without pairs', () => {
    expect(ac1Of([['fail', 'fail']], CATEGORIES)).toBe(1)
    expect(ac1Of([['fail', null]], CATEGORIES)).toBeNull()
  })
})

describe('specificAgreement', () => {
  it('is 2a / (2a + b + c) of two reviewers, for either answer, and undefined where nobody gave it', () => {
    const rows: Word[][] = [
      ...Array.from({ length: 3 }, (): Word[] => ['fail', 'fail']),
      ['fail', 'accept'],
      ['accept', 'fail'],
      ...Array.from({ length: 15 }, (): Word[] => ['accept', 'accept']),
    ]
    const on = (category: Word) =>
      specificAgreement(tallyAll(rows, CATEGORIES), 3, CATEGORIES.indexOf(category))
    expect(on('fail')).toBeCloseTo(6 / 8, 12)
    expect(on('accept')).toBeCloseTo(30 / 32, 12)
    expect(on('unsure')).toBeNull()
  })
})
