import { expect, test } from 'vitest'
import { colourScale, paintInput, paintOverlay } from '../../../src/renderer/lib/colour-scale.ts'

const painted = (input: number[], pixels: number) => {
  const bytes = new Uint8ClampedArray(4 * pixels)
  paintInput(Float32Array.from(input), bytes)
  return [...bytes]
}

test('a grey input is painted in grey', () => {
  expect(painted([-1, 1], 2)).toEqual([0, 0, 0, 255, 255, 255, 255, 255])
})

test('an input of three or four channels is painted in its colours, one of two in grey', () => {
  expect(painted([1, -1, 0.2, -1, 1, -1], 2)).toEqual([255, 0, 153, 255, 0, 255, 0, 255])
  expect(painted([1, -1, 1, -1], 1)).toEqual([255, 0, 255, 255])
  expect(painted([1, -1], 1)).toEqual([255, 255, 255, 255])
})

test('beneath a map without relevance, colours are as bright as the eye weighs them', () => {
  const bytes = new Uint8ClampedArray(12)
  const nothing = new Float32Array(3)
  paintOverlay(
    nothing,
    Float32Array.of(1, -1, -1, -1, 1, -1, -1, -1, 1),
    colourScale(nothing, false),
    1,
    bytes,
  )
  expect([bytes[0], bytes[4], bytes[8]]).toEqual([38, 127, 13])
})
