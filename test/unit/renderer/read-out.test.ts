import { describe, expect, it } from 'vitest'
import { readOut } from '../../../src/renderer/lib/read-out.ts'

const item = {
  columns: 4,
  steps: 2,
  regions: [
    { name: 'item 1', box: { row: 0, column: 0, height: 2, width: 2 }, mark: 1 as const, label: 3 },
    { name: 'item 2', box: { row: 0, column: 2, height: 1, width: 2 }, mark: 0 as const, label: 7 },
  ],
}
const values = Float32Array.from([0, 1, 2, 3, 4, 5, -0.5, 7])

describe('the read-out of a pixel', () => {
  it('names value, row, column, item and step', () => {
    expect(readOut(values, item, { row: 1, column: 0 })).toBe(
      '4 · row 1, column 0 · item 1, majority · step 1 of 2',
    )
    expect(readOut(values, item, { row: 0, column: 3 })).toBe(
      '3 · row 0, column 3 · item 2, odd · step 2 of 2',
    )
  })

  it('names no item where there is none', () => {
    expect(readOut(values, item, { row: 1, column: 2 })).toBe('−0.5 · row 1, column 2 · step 2 of 2')
  })
})
