import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placeBeside } from '../../../src/renderer/lib/placement.ts'

const ROOM = { width: 1280, height: 800 }
const SIZE = { width: 320, height: 180 }

describe('a place beside an anchor', () => {
  it.each([
    ['right', { left: 64, top: 44, width: 248, height: 756 }, { left: 324, top: 44 }],
    ['left', { left: 952, top: 44, width: 328, height: 400 }, { left: 620, top: 44 }],
    ['below', { left: 312, top: 200, width: 640, height: 210 }, { left: 312, top: 422 }],
    ['above', { left: 312, top: 500, width: 640, height: 210 }, { left: 312, top: 308 }],
  ])('is at its %s where there is room', (_, anchor, expected) => {
    expect(placeBeside(anchor, SIZE, ROOM)).toEqual(expected)
  })

  it('is always inside of the window', () => {
    const length = fc.integer({ min: 0, max: 1200 })
    const area = fc.record({ left: length, top: length, width: length, height: length })
    fc.assert(
      fc.property(area, (anchor) => {
        const { left, top } = placeBeside(anchor, SIZE, ROOM)
        expect(left).toBeGreaterThanOrEqual(8)
        expect(top).toBeGreaterThanOrEqual(8)
        expect(left + SIZE.width).toBeLessThanOrEqual(ROOM.width - 8)
        expect(top + SIZE.height).toBeLessThanOrEqual(ROOM.height - 8)
      }),
      { seed: 1 },
    )
  })
})
