import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  colourScale,
  paintInput,
  paintMap,
  paintOverlay,
  sharedScale,
} from '../../../src/renderer/lib/colour-scale.ts'
import { COLOUR_COUNT, DIVERGING, SEQUENTIAL } from '../../../src/shared/colour-maps.ts'

const colour = (table: Uint8Array, index: number) => [...table.subarray(3 * index, 3 * index + 3)]
const pixel = (pixels: Uint8ClampedArray, index: number) => [...pixels.subarray(4 * index, 4 * index + 3)]

/** CIE lightness of an sRGB colour, by the standard's own formulas. */
function lightness([red = 0, green = 0, blue = 0]: number[]): number {
  const linear = (v: number) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4)
  const y = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  return y > 216 / 24389 ? 116 * Math.cbrt(y) - 16 : (y * 24389) / 27
}

describe('the colour tables', () => {
  it('grow lighter all along the sequential one', () => {
    for (let index = 1; index < COLOUR_COUNT; index++) {
      expect(lightness(colour(SEQUENTIAL, index))).toBeGreaterThanOrEqual(
        lightness(colour(SEQUENTIAL, index - 1)) - 0.3,
      )
    }
    expect(lightness(colour(SEQUENTIAL, 0))).toBeLessThan(5)
    expect(lightness(colour(SEQUENTIAL, 255))).toBeGreaterThan(95)
  })

  it('have a neutral middle and the same lightness on both sides of the diverging one', () => {
    const [red = 0, green = 0, blue = 0] = colour(DIVERGING, 127)
    expect(Math.max(red, green, blue) - Math.min(red, green, blue)).toBeLessThan(6)
    for (let index = 0; index < 128; index++) {
      const [low, high] = [colour(DIVERGING, index), colour(DIVERGING, 255 - index)]
      expect(Math.abs(lightness(low) - lightness(high))).toBeLessThan(6)
    }
  })

  it('tell signs apart by blue against red, which survives red-green blindness', () => {
    for (const index of [8, 32, 64, 96]) {
      const [lowRed = 0, , lowBlue = 0] = colour(DIVERGING, index)
      const [highRed = 0, , highBlue = 0] = colour(DIVERGING, 255 - index)
      expect(lowBlue - lowRed).toBeGreaterThan(30)
      expect(highRed - highBlue).toBeGreaterThan(30)
    }
  })
})

describe('the scale of a map', () => {
  it('spans 0 to the largest value, or both signs alike', () => {
    const values = Float32Array.from([0, 0.5, -2, 1])
    expect(colourScale(values, false)).toMatchObject({ low: 0, high: 2, clipped: 0 })
    expect(colourScale(values, true)).toMatchObject({ low: -2, high: 2, clipped: 0 })
  })

  it('clips at the quantile and counts what lies beyond', () => {
    const values = Float32Array.from({ length: 1001 }, (_, index) => index)
    const scale = colourScale(values, false, 0.99)
    expect(scale.high).toBe(990)
    expect(scale.clipped).toBe(10)
  })

  it('does not clip what would leave less than one colour of the range', () => {
    const values = Float32Array.from({ length: 1001 }, (_, index) => (index === 7 ? 1e30 : 1e-30))
    expect(colourScale(values, false, 0.99)).toMatchObject({ high: Math.fround(1e30), clipped: 0 })
    values[7] = 1e-29
    expect(colourScale(values, false, 0.99)).toMatchObject({ high: Math.fround(1e-30), clipped: 1 })
  })

  it('shows the whole range where clipping would leave nothing', () => {
    const values = new Float32Array(1000)
    values[3] = 7
    expect(colourScale(values, false, 0.95)).toMatchObject({ high: 7, clipped: 0 })
  })

  it('that maps share ends where it is told, and counts what lies beyond', () => {
    const values = Float32Array.from([0, 0.5, -2, 1])
    const shared = { limit: 1, maps: 12, covered: 0.99 }
    expect(sharedScale(values, false, shared)).toMatchObject({ low: 0, high: 1, clipped: 1, sharedBy: 12 })
    expect(sharedScale(values, true, shared)).toMatchObject({ low: -1, high: 1, clipped: 1, covered: 0.99 })
  })

  it('counts as many pixels beyond as there are, for any map', () => {
    const map = fc.float32Array({ noNaN: true, noDefaultInfinity: true, minLength: 1, maxLength: 300 })
    fc.assert(
      fc.property(map, fc.constantFrom(1, 0.995, 0.99, 0.95), (values, covered) => {
        const { high, clipped } = colourScale(values, true, covered)
        expect(clipped).toBe(values.filter((value) => Math.abs(value) > high).length)
        expect(clipped / values.length).toBeLessThanOrEqual(1 - covered + 1e-9)
      }),
    )
  })
})

describe('painting', () => {
  it('puts the ends and the middle of the scale on the ends and the middle of the table', () => {
    const values = Float32Array.from([-2, 0, 2, 5])
    const pixels = new Uint8ClampedArray(16)
    paintMap(values, { low: -2, high: 2, signed: true, covered: 1, clipped: 0 }, pixels)
    expect(pixel(pixels, 0)).toEqual(colour(DIVERGING, 0))
    expect(pixel(pixels, 1)).toEqual(colour(DIVERGING, 128))
    expect(pixel(pixels, 2)).toEqual(colour(DIVERGING, 255))
    expect(pixel(pixels, 3)).toEqual(colour(DIVERGING, 255))
    expect(pixels[3]).toBe(255)
  })

  it('shows a map of zeros in the colour of zero', () => {
    const zeros = new Float32Array(2)
    const pixels = new Uint8ClampedArray(8)
    paintMap(zeros, colourScale(zeros, false), pixels)
    expect(pixel(pixels, 0)).toEqual(colour(SEQUENTIAL, 0))
    paintMap(zeros, colourScale(zeros, true), pixels)
    expect(pixel(pixels, 0)).toEqual(colour(DIVERGING, 128))
  })

  it('shows inputs of -1, 0 and 1 as black, middle grey and white', () => {
    const pixels = new Uint8ClampedArray(12)
    paintInput(Float32Array.from([-1, 0, 1]), pixels)
    expect([pixels[0], pixels[4], pixels[8]]).toEqual([0, 128, 255])
  })

  it('leaves the dimmed input where there is no relevance, and full colour at the end of the scale', () => {
    const pixels = new Uint8ClampedArray(8)
    const scale = { low: 0, high: 1, signed: false, covered: 1, clipped: 0 }
    paintOverlay(Float32Array.from([0, 1]), Float32Array.from([1, 1]), scale, 1, pixels)
    expect(pixel(pixels, 0)).toEqual([178, 178, 178])
    expect(pixel(pixels, 1)).toEqual(colour(SEQUENTIAL, 255))
  })
})
