import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ascending, ascendingAbsolute, largest, midRanks } from '../../../src/engine/metrics/ranks.ts'
import { sortFloat32 } from '../../../src/engine/metrics/sort-float32.ts'
import { slowOrder, slowRanks } from './slow-metrics.ts'

const float32Map = fc
  .array(fc.oneof(fc.float({ noNaN: true }), fc.constantFrom(0, -0, 1, -1, 2 ** -149, -(2 ** -149))), {
    maxLength: 300,
  })
  .map((values) => Float32Array.from(values))

describe('sorting', () => {
  it('of float32 values is that of the built-in sort, to the sign of zero', () => {
    fc.assert(
      fc.property(float32Map, (values) => {
        const before = values.slice()
        expect([...sortFloat32(values)]).toEqual([...values.slice().sort()])
        expect([...values]).toEqual([...before])
      }),
      { numRuns: 300 },
    )
  })

  it('leaves a part of a longer array as it is', () => {
    const whole = Float32Array.of(9, 3, -2, 1, -7)
    expect([...sortFloat32(whole.subarray(1, 4))]).toEqual([-2, 1, 3])
    expect([...whole]).toEqual([9, 3, -2, 1, -7])
  })

  it('of absolute values is a merge of the sorted signed ones', () => {
    fc.assert(
      fc.property(float32Map, (values) => {
        const expected = [...values.map(Math.abs).sort()]
        expect([...ascendingAbsolute(ascending(values))].map((value) => value + 0)).toEqual(expected)
        const double = Float64Array.from(values)
        expect([...ascendingAbsolute(ascending(double))].map((value) => value + 0)).toEqual(expected)
      }),
    )
  })

  it('ranks and chooses as counting and searching do', () => {
    const ties = fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(ties, (values) => {
        const map = Float32Array.from(values)
        expect([...midRanks(map)]).toEqual(slowRanks(values))
        for (let count = 0; count <= values.length; count += 1) {
          const chosen = [...largest(map, count)].flatMap((one, pixel) => (one === 1 ? [pixel] : []))
          expect(chosen).toEqual(
            slowOrder(values)
              .slice(0, count)
              .sort((a, b) => a - b),
          )
        }
      }),
    )
  })
})
