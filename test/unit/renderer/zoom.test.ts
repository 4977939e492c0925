import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boxBetween, confine, fitView, pan, pixelAt, zoomAt } from '../../../src/renderer/lib/zoom.ts'

const window = { width: 700, height: 300 }
const picture = { width: 84, height: 28 }

describe('the view of a picture', () => {
  it('fits in whole screen pixels, in the middle', () => {
    expect(fitView(window, picture)).toEqual({ scale: 8, x: 14, y: 38 })
    expect(fitView({ width: 42, height: 200 }, picture).scale).toBe(0.5)
  })

  it('keeps the point under the pointer while it zooms in', () => {
    const [x, y] = [200, 120]
    fc.assert(
      fc.property(fc.double({ min: 1.1, max: 6, noNaN: true }), (factor) => {
        const before = fitView(window, picture)
        const after = zoomAt(before, x, y, factor, window, picture)
        expect((x - after.x) / after.scale).toBeCloseTo((x - before.x) / before.scale, 6)
        expect((y - after.y) / after.scale).toBeCloseTo((y - before.y) / before.scale, 6)
      }),
    )
  })

  it('never zooms out further than the fit, nor in without end', () => {
    const fit = fitView(window, picture)
    expect(zoomAt(fit, 0, 0, 0.1, window, picture)).toEqual(fit)
    expect(zoomAt(fit, 0, 0, 1e6, window, picture).scale).toBe(64)
  })

  it('never loses the picture', () => {
    const move = fc.integer({ min: -5000, max: 5000 })
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 64 }), move, move, (scale, dx, dy) => {
        const view = pan({ scale, x: 0, y: 0 }, dx, dy, window, picture)
        expect(view.x).toBeLessThan(window.width)
        expect(view.x + scale * picture.width).toBeGreaterThan(0)
        expect(view.y).toBeLessThan(window.height)
        expect(view.y + scale * picture.height).toBeGreaterThan(0)
        expect(confine(view, window, picture)).toEqual(view)
      }),
    )
  })

  it('knows the pixel under a point, and none beside the picture', () => {
    const view = { scale: 8, x: 14, y: 38 }
    expect(pixelAt(view, { x: 14, y: 38 }, picture)).toEqual({ row: 0, column: 0 })
    expect(pixelAt(view, { x: 14 + 8 * 84 - 1, y: 38 + 8 * 28 - 1 }, picture)).toEqual({
      row: 27,
      column: 83,
    })
    for (const point of [
      { x: 13, y: 50 },
      { x: 20, y: 37 },
      { x: 14 + 8 * 84, y: 50 },
      { x: 20, y: 38 + 8 * 28 },
    ])
      expect(pixelAt(view, point, picture)).toBeNull()
  })

  it('turns a drag into a box of pixels, whatever its direction and end', () => {
    const view = { scale: 8, x: 14, y: 38 }
    const drawn = { row: 1, column: 2, height: 3, width: 4 }
    const [from, to] = [
      { x: 14 + 8 * 2 + 1, y: 38 + 8 + 1 },
      { x: 14 + 8 * 5 + 7, y: 38 + 8 * 3 + 7 },
    ]
    expect(boxBetween(view, from, to, picture)).toEqual(drawn)
    expect(boxBetween(view, to, from, picture)).toEqual(drawn)
    expect(boxBetween(view, { x: -99, y: -99 }, { x: 9999, y: 9999 }, picture)).toEqual({
      row: 0,
      column: 0,
      height: 28,
      width: 84,
    })
  })
})
