import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rankRows } from '../../../src/engine/review/rank-rows.ts'

describe('the order of interest', () => {
  const values = Float64Array.of(0.9, 0.1, NaN, 0.5, 0.1, 0.7)
  const rows = Uint32Array.of(0, 1, 2, 3, 4, 5)
  test.each([
    ['worst_first', 'capped_percentage', null, [1, 4, 3, 5, 0, 2]],
    ['best_first', 'capped_percentage', null, [0, 5, 3, 1, 4, 2]],
    ['worst_first', 'dominance', null, [0, 5, 3, 1, 4, 2]],
    ['worst_first', 'dominance_positive', null, [0, 5, 3, 1, 4, 2]],
    ['best_first', 'dominance', null, [1, 4, 3, 5, 0, 2]],
    ['uncertain', 'cosine', 0.72, [5, 0, 3, 1, 4, 2]],
    ['uncertain', 'cosine', null, [3, 5, 0, 1, 4, 2]],
  ] as const)('%s by %s, theta %s', (order, metric, theta, expected) => {
    expect([...rankRows(rows, values, { order, metric, theta, first: 6 })]).toEqual(expected)
  })

  test('ranks the given rows alone', () => {
    const options = { order: 'worst_first', metric: 'cosine', theta: null, first: 3 } as const
    expect([...rankRows(Uint32Array.of(0, 3, 5), values, options)]).toEqual([3, 5, 0])
  })

  test('puts as many in order as are asked for, as a stable sort does, and leaves the others in theirs', () => {
    const value = fc.oneof(fc.constantFrom(0, -0, 0.5, NaN, 1), fc.double({ min: -1, max: 2, noNaN: true }))
    fc.assert(
      fc.property(fc.array(value, { maxLength: 40 }), fc.integer({ min: 0, max: 45 }), (list, first) => {
        const all = Uint32Array.from(list.keys())
        const options = { order: 'worst_first', metric: 'cosine', theta: null, first } as const
        const key = (row: number) => (Number.isNaN(list[row]) ? Infinity : (list[row] ?? 0))
        const sorted = [...all].sort((a, b) => (key(a) === key(b) ? 0 : key(a) - key(b)))
        const leading = sorted.slice(0, first)
        const others = [...all].filter((row) => !leading.includes(row))
        expect([...rankRows(all, Float64Array.from(list), options)]).toEqual([...leading, ...others])
      }),
      { seed: 3 },
    )
  })
})
