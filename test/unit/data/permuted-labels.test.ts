import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { permutedLabels } from '../../../src/engine/data/permuted-labels.ts'

const countsOf = (labels: ArrayLike<number>) =>
  Array.from({ length: 10 }, (_, label) => Array.from(labels).filter((each) => each === label).length)

describe('permuted labels', () => {
  test('keep the number of every class, and leave what they are made from', () => {
    const labels = fc.uint8Array({ max: 9, maxLength: 200 })
    fc.assert(
      fc.property(labels, fc.nat(), (original, seed) => {
        const before = original.slice()
        expect(countsOf(permutedLabels(original, seed))).toEqual(countsOf(before))
        expect(original).toEqual(before)
      }),
    )
  })

  test('are the same for the same seed, others for another, and right no more often than by chance', () => {
    const labels = Uint8Array.from({ length: 10_000 }, (_, index) => index % 10)
    const permuted = permutedLabels(labels, 4)
    expect(permutedLabels(labels, 4)).toEqual(permuted)
    expect(permutedLabels(labels, 5)).not.toEqual(permuted)
    const right = permuted.filter((label, index) => label === labels[index]).length
    expect(right / labels.length).toBeGreaterThan(0.085)
    expect(right / labels.length).toBeLessThan(0.115)
  })
})
