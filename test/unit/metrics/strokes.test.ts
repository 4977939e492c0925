import { describe, expect, it } from 'vitest'
import { itemRegions, type MapRegion } from '../../../src/engine/metrics/regions.ts'
import { countStrokes, strokeMask } from '../../../src/engine/metrics/strokes.ts'

const row = (input: Float32Array | Float64Array) => ({ input, rows: 1, columns: input.length })
const grey = (...values: number[]) => Float32Array.from(values, (value) => (2 * value) / 255 - 1)

describe('strokeMask', () => {
  it('holds the pixels from grey value 64 on, exactly', () => {
    const all = Float32Array.from({ length: 256 }, (_, value) => (2 * value) / 255 - 1)
    const mask = strokeMask(row(all), itemRegions(1, 256, [1]))
    expect(mask.indexOf(1)).toBe(64)
    expect(countStrokes(mask)).toBe(256 - 64)
  })

  it('is the same for pixels scaled in float32 step by step, and in float64', () => {
    const single = Float32Array.from({ length: 256 }, (_, value) =>
      Math.fround(Math.fround(Math.fround(value / 255) * 2) - 1),
    )
    const double = Float64Array.from({ length: 256 }, (_, value) => value / 127.5 - 1)
    for (const input of [single, double]) {
      expect(strokeMask(row(input), itemRegions(1, 256, [1])).indexOf(1)).toBe(64)
    }
  })

  it('leaves out the items that are not of the majority class', () => {
    const input = grey(255, 0, 255, 255, 63, 64)
    expect([...strokeMask(row(input), itemRegions(1, 6, [1, 0, 1]))]).toEqual([1, 0, 0, 0, 0, 1])
    expect(countStrokes(strokeMask(row(input), itemRegions(1, 6, [0, 0, 0])))).toBe(0)
  })

  it('counts a pixel once that two regions hold, and none outside of them', () => {
    const regions: MapRegion[] = [
      { name: 'a', mark: 1, box: { row: 0, column: 0, height: 1, width: 2 } },
      {
        name: 'b',
        mark: 1,
        box: { row: 0, column: 0, height: 1, width: 4 },
        mask: Uint8Array.of(0, 1, 0, 0),
      },
    ]
    expect(countStrokes(strokeMask(row(grey(255, 255, 255, 255)), regions))).toBe(2)
  })

  it('holds every pixel of a filled region with mark 1, of inputs with several channels too', () => {
    const box = { row: 0, column: 1, height: 2, width: 2 }
    const frame = { input: new Float32Array(2 * 3 * 3).fill(-1), rows: 2, columns: 3 }
    const mask = Uint8Array.of(1, 0, 1, 1)
    const filled = (mark: 0 | 1): MapRegion => ({ name: 'a', mark, box, mask, filled: true })
    expect([...strokeMask(frame, [filled(1)])]).toEqual([0, 1, 0, 0, 1, 1])
    expect(countStrokes(strokeMask(frame, [filled(0)]))).toBe(0)
  })
})
