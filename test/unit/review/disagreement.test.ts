import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  mapsDisagree,
  rankByDisagreement,
  reviewersDisagree,
} from '../../../src/engine/review/disagreement.ts'
import { emptyFacts } from '../../../src/engine/review/fact-columns.ts'
import { extendColumn, emptyColumn } from '../../../src/engine/review/coded-column.ts'

describe('disagreement of reviewers', () => {
  const reviewer = (name: string, ...codes: number[]) => ({
    reviewer: name,
    verdicts: Uint8Array.from(codes),
    modes: new Uint16Array(codes.length),
  })

  test('is the share of the pairs that differ', () => {
    const reviewers = [
      reviewer('Ada', 1, 1, 1, 0, 1),
      reviewer('Bob', 2, 1, 2, 0, 0),
      reviewer('Cleo', 0, 1, 1, 3, 2),
    ]
    const found = reviewersDisagree({ count: 5, reviewers })
    expect([...found.disagreement]).toEqual([1, 0, 2 / 3, NaN, 1])
    expect([...rankByDisagreement(Uint32Array.of(0, 1, 2, 3, 4), found)]).toEqual([0, 4, 2, 1, 3])
    expect([...rankByDisagreement(Uint32Array.of(1, 2, 3), found)]).toEqual([2, 1, 3])
  })
})

const rounded = (value: number) => Math.round(value * 1e12) / 1e12

describe('disagreement of maps', () => {
  const table = (
    rows: readonly (readonly [sample: number, model: number, method: string, target?: number])[],
  ) => ({
    sampleIds: Uint32Array.from(rows, ([sample]) => sample),
    facts: {
      ...emptyFacts(),
      target: extendColumn(
        emptyColumn<number>(),
        rows.map(([, , , target = 0]) => target),
      ),
      model: extendColumn(
        emptyColumn<number>(),
        rows.map(([, model]) => model),
      ),
      method: extendColumn(
        emptyColumn<string>(),
        rows.map(([, , method]) => method),
      ),
    },
  })
  const rows = [
    [1, 7, 'sa'],
    [1, 8, 'sa'],
    [1, 7, 'dtd'],
    [1, 8, 'dtd'],
    [2, 7, 'sa'],
    [2, 7, 'dtd'],
  ] as const
  const values = Float64Array.of(0.5, 0.9, 0.6, 0.2, 0.1, NaN)
  const all = Uint32Array.from(rows.keys())

  test('between methods is the range over the methods of one model on one sequence', () => {
    const found = mapsDisagree(table(rows), all, values, 'methods')
    const expected = [0.1, 0.7, 0.1, 0.7, NaN, NaN]
    expect(Array.from(found.disagreement, rounded)).toEqual(expected)
    expect([...rankByDisagreement(all, found)]).toEqual([1, 3, 0, 2, 4, 5])
  })

  test('between models is the range over the models by one method on one sequence', () => {
    const found = mapsDisagree(table(rows), all, values, 'models')
    const expected = [0.4, 0.4, 0.4, 0.4, NaN, NaN]
    expect(Array.from(found.disagreement, rounded)).toEqual(expected)
    const first = [...rankByDisagreement(all, found)].slice(0, 2)
    expect([
      [0, 1],
      [2, 3],
    ]).toContainEqual(first)
  })

  test('does not compare maps of different classes', () => {
    const classes = rows.map(([sample, model, method], index) => [sample, model, method, index % 3] as const)
    const found = mapsDisagree(table(classes), all, values, 'methods')
    expect([...found.disagreement]).toEqual(rows.map(() => NaN))
  })

  test('counts the given rows alone', () => {
    const found = mapsDisagree(table(rows), Uint32Array.of(0, 1, 2), values, 'methods')
    expect(found.disagreement[1]).toBeNaN()
    expect(found.disagreement[0]).toBeCloseTo(0.1, 12)
  })

  test('keeps groups together and is a permutation, whatever the values', () => {
    const row = fc.tuple(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 3 }),
      fc.constantFrom('sa', 'gb', 'dtd'),
      fc.constantFrom(0, 0.5, 1, NaN),
    )
    fc.assert(
      fc.property(fc.array(row, { maxLength: 30 }), (list) => {
        const places = Uint32Array.from(list.keys())
        const found = mapsDisagree(
          table(list.map(([sample, model, method]) => [sample, model, method] as const)),
          places,
          Float64Array.from(list, ([, , , value]) => value),
          'methods',
        )
        const ranked = [...rankByDisagreement(places, found)]
        expect(ranked.toSorted((a, b) => a - b)).toEqual([...places])
        const groups = ranked.map((place) => `${list[place]?.[0]} ${list[place]?.[1]}`)
        const changes = groups.filter((group, index) => group !== groups[index - 1])
        expect(changes.length).toBe(new Set(groups).size)
      }),
      { seed: 5 },
    )
  })
})
