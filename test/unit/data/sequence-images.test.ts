import { describe, expect, it } from 'vitest'
import { planSequences } from '../../../src/engine/data/majority-sequences.ts'
import {
  renderSequences,
  sequenceProvenance,
  sequenceRegions,
} from '../../../src/engine/data/sequence-images.ts'
import { seededGenerator } from '../../../src/shared/seeds.ts'

const generator = seededGenerator(1, 'pixels')
const labels = Uint8Array.from({ length: 40 }, (_, index) => index % 10)
const images = Uint8Array.from({ length: 40 * 784 }, () => generator.uniformInt(0, 255))
const plan = planSequences({ labels, dataset: 'toy', split: 'test', fold: 2, folds: 5, seed: 9 })

describe('renderSequences', () => {
  it.each([1, 3, 4])('puts %d items side by side, scaled to [-1, 1]', (items) => {
    const wanted = planSequences({ labels, dataset: 'toy', split: 'test', fold: 1, folds: 5, seed: 9, items })
    const indices = [5, 0, 39, 5]
    const rendered = renderSequences(wanted, images, indices)
    expect(rendered.length).toBe(indices.length * 28 * 28 * items)
    const expected = indices.flatMap((index) =>
      Array.from({ length: 28 }, (_, row) =>
        Array.from({ length: 28 * items }, (_, column) => {
          const image = wanted.images[index * items + Math.floor(column / 28)] ?? -1
          return (2 * (images[image * 784 + row * 28 + (column % 28)] ?? NaN)) / 255 - 1
        }),
      ).flat(),
    )
    expect(rendered).toEqual(Float32Array.from(expected))
  })

  it('maps black to -1 and white to 1 exactly', () => {
    const black = renderSequences(plan, new Uint8Array(40 * 784), [0])
    const white = renderSequences(plan, new Uint8Array(40 * 784).fill(255), [0])
    expect(new Set(black)).toEqual(new Set([-1]))
    expect(new Set(white)).toEqual(new Set([1]))
  })

  it('refuses sequences outside the plan and images outside the split', () => {
    for (const index of [-1, 40, 0.5, NaN])
      expect(() => renderSequences(plan, images, [index])).toThrow(RangeError)
    expect(() => renderSequences(plan, images.subarray(0, 784), [0, 1, 2])).toThrow(RangeError)
  })
})

describe('sequenceRegions', () => {
  it('describes the items from left to right', () => {
    const regions = sequenceRegions(plan, 7)
    expect(regions.map(({ name }) => name)).toEqual(['item 1', 'item 2', 'item 3'])
    expect(regions.map(({ box }) => box)).toEqual(
      [0, 28, 56].map((column) => ({ row: 0, column, height: 28, width: 28 })),
    )
    expect(regions.map(({ label }) => label)).toEqual(
      [...plan.images.subarray(21, 24)].map((image) => image % 10),
    )
    expect(regions.map(({ mark }) => mark)).toEqual(
      regions.map(({ label }) => (label === plan.labels[7] ? 1 : 0)),
    )
  })
})

describe('sequenceProvenance', () => {
  it('names what the sequence can be made from again', () => {
    const file = { name: 't10k-images-idx3-ubyte', sha256: 'aa', contentSha256: 'aa' }
    const provenance = sequenceProvenance(plan, 7, [file])
    expect(provenance).toEqual({
      dataset: 'toy',
      split: 'test',
      fold: 2,
      folds: 5,
      seed: 9,
      items: 3,
      sequence: 7,
      base: plan.bases[7],
      images: [...plan.images.subarray(21, 24)],
      files: [file],
    })
    const again = planSequences({ ...provenance, labels, count: 8 })
    expect([...again.images.subarray(21)]).toEqual(provenance.images)
  })
})
