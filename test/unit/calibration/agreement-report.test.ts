import { describe, expect, it } from 'vitest'
import {
  measureAgreement,
  type RatedMap,
  type Rating,
} from '../../../src/engine/calibration/agreement-report.ts'
import { Agreement } from '../../../src/shared/contract/agreement.ts'
import type { FailureMode } from '../../../src/shared/names.ts'
import { seededGenerator } from '../../../src/shared/seeds.ts'
import { ac1Of, alphaOf, cohenOf } from './agreement-of.ts'

const accept: Rating = { verdict: 'accept', modes: [], blind: true }
const unsure: Rating = { verdict: 'unsure', modes: [], blind: true }
const fail = (...modes: FailureMode[]): Rating => ({ verdict: 'fail', modes, blind: true })

const options = { seed: 3, resamples: 400, repeats: [] }
const rated = (...rows: (Rating | null)[][]): RatedMap[] =>
  rows.map((ratings, at) => ({ sequenceId: Math.floor(at / 2), ratings }))

/** Two raters of `count` maps who agree on nine of ten. */
function twoRaters(count: number, seed: number, rareness: number): RatedMap[] {
  const generator = seededGenerator(seed, 'two raters')
  return Array.from({ length: count }, (_, at) => {
    const truth = generator.float() < rareness ? fail('diffuse') : accept
    const other = truth.verdict === 'fail' ? accept : fail('diffuse')
    const said = () => (generator.float() < 0.95 ? truth : other)
    return { sequenceId: Math.floor(at / 2), ratings: [said(), said()] }
  })
}

describe('measureAgreement', () => {
  it('asks of the verdict, and of every mode that anybody flagged, `unsure` being no answer', () => {
    const maps = rated(
      [fail('diffuse'), fail('other')],
      [accept, accept],
      [unsure, accept],
      [accept, fail('other')],
    )
    const { between, neverFlagged } = measureAgreement({ ...options, reviewers: ['Ada', 'Bob'], maps })
    expect(between.map(({ on, maps: count }) => [on, count])).toEqual([
      ['verdict', 4],
      ['diffuse', 3],
      ['other', 3],
    ])
    expect(between[0]?.raw.value).toBe(0.5)
    expect(between[1]?.raw.value).toBeCloseTo(2 / 3, 12)
    expect(between[2]?.raw.value).toBeCloseTo(1 / 3, 12)
    expect(neverFlagged).toHaveLength(7)
  })

  it('gives the measures of the ratings, each within its interval', () => {
    const maps = twoRaters(200, 1, 0.4)
    const { between } = measureAgreement({ ...options, reviewers: ['Ada', 'Bob'], maps })
    const words = maps.map(({ ratings }) => ratings.map((rating) => rating?.verdict ?? null))
    const [verdict] = between
    const column = (rater: number) => words.map((row) => row[rater] ?? null)
    expect(verdict?.cohen.value).toBeCloseTo(cohenOf(column(0), column(1)) ?? NaN, 12)
    expect(verdict?.krippendorff.value).toBeCloseTo(alphaOf(words) ?? NaN, 12)
    expect(verdict?.gwet.value).toBeCloseTo(ac1Of(words) ?? NaN, 12)
    for (const measure of [
      'raw',
      'cohen',
      'fleiss',
      'krippendorff',
      'gwet',
      'positive',
      'negative',
    ] as const) {
      const { value, low, high } = verdict?.[measure] ?? { value: null, low: null, high: null }
      expect(low).toBeLessThan(value ?? NaN)
      expect(high).toBeGreaterThan(value ?? NaN)
    }
  })

  it('resamples sequences: copies of a map within its sequence do not narrow an interval', () => {
    const once = twoRaters(60, 2, 0.4).map((map, sequenceId) => ({ ...map, sequenceId }))
    const thrice = once.flatMap((map) => [map, map, map])
    const intervalOf = (maps: RatedMap[]) =>
      measureAgreement({ ...options, reviewers: ['Ada', 'Bob'], maps }).between[0]?.raw
    const [single, triple] = [intervalOf(once), intervalOf(thrice)]
    expect(triple?.low).toBeCloseTo(single?.low ?? NaN, 12)
    expect(triple?.high).toBeCloseTo(single?.high ?? NaN, 12)
  })

  it('covers the true agreement of the population in about 95 % of the cases', () => {
    const truth = 0.95 ** 2 + 0.05 ** 2
    const covered = Array.from({ length: 200 }, (_, seed) => {
      const maps = twoRaters(120, 100 + seed, 0.4)
      const raw = measureAgreement({ ...options, seed, reviewers: ['Ada', 'Bob'], maps }).between[1]?.raw
      return (raw?.low ?? NaN) <= truth && truth <= (raw?.high ?? NaN)
    })
    const rate = covered.filter(Boolean).length / covered.length
    expect(rate).toBeGreaterThan(0.9)
    expect(rate).toBeLessThan(0.99)
  })

  it('compares three reviewers together and two by two, Cohen being defined for two alone', () => {
    const maps = twoRaters(40, 4, 0.5).map(({ sequenceId, ratings }, at) => ({
      sequenceId,
      ratings: [...ratings, at < 10 ? accept : null],
    }))
    const found = measureAgreement({ ...options, reviewers: ['Ada', 'Bob', 'Cem'], maps })
    expect(found.between[0]).toMatchObject({ maps: 40, completeMaps: 10, cohen: { value: null } })
    expect(found.pairs.map(({ first, second }) => [first, second])).toEqual([
      ['Ada', 'Bob'],
      ['Ada', 'Cem'],
      ['Bob', 'Cem'],
    ])
    expect(found.pairs.map(({ measures }) => measures[0]?.maps)).toEqual([40, 10, 10])
    expect(found.pairs[0]?.measures[0]?.cohen.value).not.toBeNull()
  })

  it('compares a reviewer with what they said before', () => {
    const repeats = [{ reviewer: 'Ada', maps: rated([accept, accept], [fail('other'), accept]) }]
    const { within } = measureAgreement({ ...options, reviewers: ['Ada'], maps: [], repeats })
    expect(within).toMatchObject([{ reviewer: 'Ada', repeats: 2 }])
    expect(within[0]?.measures[0]).toMatchObject({ maps: 2, raw: { value: 0.5 } })
  })

  it('is undefined, not 0, where reviewers never overlap, say one thing only, or nobody decided', () => {
    const undefinedMeasure = { value: null, low: null, high: null }
    const apart = measureAgreement({
      ...options,
      reviewers: ['Ada', 'Bob'],
      maps: rated([accept, null], [null, fail('other')]),
    })
    expect(apart).toMatchObject({ maps: 0, sequences: 0 })
    for (const row of [...apart.between, ...(apart.pairs[0]?.measures ?? [])]) {
      const { on: _on, maps, completeMaps, prevalence, ...measures } = row
      expect({ maps, completeMaps, prevalence }).toEqual({ maps: 0, completeMaps: 0, prevalence: null })
      expect(Object.values(measures)).toEqual(Array.from({ length: 7 }, () => undefinedMeasure))
    }
    const alike = measureAgreement({
      ...options,
      reviewers: ['Ada', 'Bob'],
      maps: rated([accept, accept], [accept, accept]),
    })
    expect(alike.between[0]).toMatchObject({
      raw: { value: 1 },
      cohen: undefinedMeasure,
      positive: undefinedMeasure,
    })
    expect(alike.between[0]?.krippendorff.value).toBeNull()
    expect(alike.between[0]?.gwet.value).toBe(1)
    const nobody = measureAgreement({ ...options, reviewers: [], maps: [] })
    expect(nobody).toMatchObject({ maps: 0, pairs: [], within: [] })
  })

  it('counts the maps that all of their reviewers decided blind', () => {
    const seen = { ...accept, blind: false }
    const maps = rated([accept, accept, null], [accept, seen, null], [accept, null, null])
    expect(measureAgreement({ ...options, reviewers: ['Ada', 'Bob', 'Cem'], maps })).toMatchObject({
      maps: 2,
      blindMaps: 1,
    })
  })

  it('is a pure function of ratings and seed, meets the contract, and tells its progress', () => {
    const told: number[] = []
    const input = { ...options, reviewers: ['Ada', 'Bob'], maps: twoRaters(40, 5, 0.5) }
    const found = measureAgreement({ ...input, onProgress: (done, total) => told.push(done / total) })
    expect(Agreement.parse(JSON.parse(JSON.stringify(found)))).toEqual(found)
    expect(measureAgreement(input)).toEqual(found)
    expect(measureAgreement({ ...input, seed: 9 })).not.toEqual(found)
    expect(told).toEqual([0.5, 1])
  })
})
