import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matching } from '../../../src/renderer/lib/match.ts'
import { formatSignificant, mapUnit, stepShares } from '../../../src/renderer/lib/relevance.ts'
import { OFFERED_METHODS } from '../../../src/shared/methods.ts'

describe('shares by step', () => {
  it('add up to 1 and agree with sums over column ranges', () => {
    const map = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 48, maxLength: 48 })
    fc.assert(
      fc.property(map, (numbers) => {
        fc.pre(numbers.some((number) => number > 0))
        const shares = stepShares(Float32Array.from(numbers), 12, 3)
        const total = numbers.reduce((sum, number) => sum + number, 0)
        for (const step of [0, 1, 2]) {
          let sum = 0
          for (let row = 0; row < 4; row++) {
            for (let column = 4 * step; column < 4 * step + 4; column++)
              sum += numbers[row * 12 + column] ?? 0
          }
          expect(shares[step]).toBeCloseTo(sum / total, 12)
        }
      }),
    )
  })

  it('are 0 when the total is 0', () => {
    expect(stepShares(Float32Array.from([1, -1]), 2, 2)).toEqual([0, 0])
    expect(stepShares(new Float32Array(4), 4, 2)).toEqual([0, 0])
  })
})

describe('numbers and units', () => {
  it.each([
    [0, '0'],
    [0.012345, '0.0123'],
    [-0.0000123, '−1.23e−5'],
    [null, '–'],
    [Number.NaN, '–'],
  ])('writes %s as %s', (value, text) => {
    expect(formatSignificant(value)).toBe(text)
  })

  it('know what every standard method shows', () => {
    for (const method of OFFERED_METHODS) expect(mapUnit(method)).not.toBe('')
  })
})

describe('the palette', () => {
  it('finds by beginning, word, substring, then letters in order', () => {
    const titles = ['Save all', 'Redo', 'Go to Review', 'Undo']
    expect(matching(titles, 'do', (title) => title)).toEqual(['Redo', 'Undo'])
    expect(matching(titles, 're', (title) => title)).toEqual(['Redo', 'Go to Review'])
    expect(matching(titles, 'gtr', (title) => title)).toEqual(['Go to Review'])
    expect(matching(titles, 'xyz', (title) => title)).toEqual([])
    expect(matching(titles, '', (title) => title)).toEqual(titles)
  })
})
