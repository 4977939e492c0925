import fc from 'fast-check'

/** Relevances of few different values, so that ties are common, or of any size. */
const relevance = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.double({ min: -1e3, max: 1e3, noNaN: true }).filter((value) => value === 0 || Math.abs(value) > 1e-6),
)

export interface MaskedMap {
  values: number[]
  map: Float64Array
  strokes: Uint8Array
}

/** A map with a mask that has a stroke and a pixel that is none. */
export const maskedMap = fc
  .array(fc.record({ value: relevance, stroke: fc.constantFrom(0, 1) }), { minLength: 2, maxLength: 40 })
  .filter((pixels) => new Set(pixels.map(({ stroke }) => stroke)).size === 2)
  .map((pixels): MaskedMap => {
    const values = pixels.map(({ value }) => value)
    return {
      values,
      map: Float64Array.from(values),
      strokes: Uint8Array.from(pixels, ({ stroke }) => stroke),
    }
  })

/** Two maps of the same pixels, neither constant. */
export const mapPair = fc
  .array(fc.tuple(relevance, relevance), { minLength: 2, maxLength: 40 })
  .filter((pixels) => [0, 1].every((side) => new Set(pixels.map((pair) => pair[side])).size > 1))
  .map((pixels) => ({ a: pixels.map(([a]) => a), b: pixels.map(([, b]) => b) }))

/** A function that keeps the order of all values. */
export const increasing = fc.constantFrom<(value: number) => number>(
  (value) => 3 * value + 7,
  (value) => value ** 3,
  (value) => Math.atan(value / 100),
  (value) => value / 8,
)
