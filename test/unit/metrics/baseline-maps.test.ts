import { describe, expect, it } from 'vitest'
import { baselineMaps, edgeMap, inputBaselineMaps } from '../../../src/engine/metrics/baseline-maps.ts'
import { randomMap } from '../../../src/engine/metrics/random-map.ts'

describe('baseline maps', () => {
  it('are 1 everywhere, and the map of the method random', () => {
    const { uniform, random } = baselineMaps(6, 3, 4)
    expect([...uniform]).toEqual([1, 1, 1, 1, 1, 1])
    expect(random).toEqual(randomMap(6, 3, 4))
  })

  it('show the input as brightness from 0 to 1', () => {
    expect([...inputBaselineMaps(Float32Array.of(-1, 0, 0.5, 1), 2).input]).toEqual([0, 0.5, 0.75, 1])
  })

  it('have the length of the gradient: central inside, one-sided at the border', () => {
    const image = Float32Array.of(0, 1, 4, 2, 5, 6, 8, 8, 8)
    const expected = [
      [1, 2],
      [(4 - 0) / 2, 5 - 1],
      [3, 2],
      [3, (8 - 0) / 2],
      [(6 - 2) / 2, (8 - 1) / 2],
      [1, (8 - 4) / 2],
      [0, 6],
      [0, 3],
      [0, 2],
    ].map(([across = 0, down = 0]) => Math.fround(Math.sqrt(across ** 2 + down ** 2)))
    expect([...edgeMap(image, 3)]).toEqual(expected)
  })

  it('have no edges in a flat image, and a constant one on a slope', () => {
    expect([...edgeMap(new Float32Array(12).fill(0.5), 4)]).toEqual(new Array(12).fill(0))
    const slope = Float32Array.from({ length: 12 }, (_, at) => (at % 4) / 4 - Math.floor(at / 4) / 2)
    for (const edge of edgeMap(slope, 4)) expect(edge).toBeCloseTo(Math.hypot(0.25, 0.5), 6)
  })

  it('have edges across one row or column only where there is but one', () => {
    expect([...edgeMap(Float32Array.of(0, 1, 4), 3)]).toEqual([1, 2, 3])
    expect([...edgeMap(Float32Array.of(0, 1, 4), 1)]).toEqual([1, 2, 3])
    expect([...edgeMap(Float32Array.of(7), 1)]).toEqual([0])
  })
})
