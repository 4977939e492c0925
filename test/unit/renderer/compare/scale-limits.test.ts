import { expect, it } from 'vitest'
import { limitOf, scaleTo } from '../../../../src/renderer/views/compare/scale-limits.ts'

const map = (method: string, low: number, high: number) => ({ method, low, high, signed: low < 0 })
const maps = [map('gi', -3, 2), map('gi', -1, 1), map('sa', 0, 0.5), map('dtd', 0, 0)]

it.each([
  ['own', [3, 1, 0.5, 0]],
  ['method', [3, 3, 0.5, 0]],
  ['all', [3, 3, 3, 3]],
] as const)('a scale for %s reaches the largest absolute value of those who share it', (choice, limits) => {
  expect(maps.map((each) => limitOf(each, maps, choice))).toEqual(limits)
})

it('a scale begins at 0, or at the negative end where values have signs', () => {
  expect(scaleTo(2, false)).toMatchObject({ low: 0, high: 2, signed: false, clipped: 0 })
  expect(scaleTo(2, true)).toMatchObject({ low: -2, high: 2, signed: true })
})
