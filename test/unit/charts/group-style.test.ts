import { expect, test } from 'vitest'
import { groupStyle } from '../../../src/charts/group-style.ts'

test('the first 49 groups are told apart by colour and marker', () => {
  const looks = Array.from({ length: 49 }, (_, group) => groupStyle(group))
  expect(new Set(looks.map(({ colour, marker }) => `${colour} ${marker}`)).size).toBe(49)
  expect(groupStyle(49)).toEqual(groupStyle(0))
})
