import { expect, test } from 'vitest'
import { regionPlaces } from '../../../src/renderer/lib/region-places.ts'

const region = (column: number, width: number) => ({ box: { row: 0, column, height: 4, width } })

test('bars stand below regions that are apart, in any order', () => {
  expect(regionPlaces([region(6, 2), region(0, 4)], 8)).toEqual([
    { left: 0.75, width: 0.25 },
    { left: 0, width: 0.5 },
  ])
})

test('bars of regions that share columns stand side by side', () => {
  expect(regionPlaces([region(1, 2), region(0, 8)], 8)).toEqual([
    { left: 0, width: 0.5 },
    { left: 0.5, width: 0.5 },
  ])
})
