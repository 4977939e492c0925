import { describe, expect, it } from 'vitest'
import { batchInMemory, batchOfInputs, batchWithin } from '../../../src/engine/compute/batch-size.ts'
import { newLayout } from '../../../src/engine/models/layout.ts'

const SIZES = { rows: 28, columns: 84, steps: 12, classes: 10 }

describe('a batch on a GPU', () => {
  it('keeps eight tensors of the largest layer within the largest that it holds', () => {
    // conv1 of a step: 28 x 7 pixels, 24 channels, float32
    const bytesOfSample = 12 * 28 * 7 * 24 * 4
    const limits = { largestTensor: 8 * 100 * bytesOfSample, mostRows: 65_535 }
    expect(batchWithin(limits, newLayout('convdeep', SIZES))).toBe(100)
    expect(
      batchWithin({ ...limits, largestTensor: limits.largestTensor - 1 }, newLayout('convdeep', SIZES)),
    ).toBe(99)
  })

  it('starts no kernel for more rows than the GPU allows', () => {
    const limits = { largestTensor: Infinity, mostRows: 65_535 }
    expect(batchWithin(limits, newLayout('deep', { ...SIZES, steps: 84 }))).toBe(780)
  })

  it('has one sample where not even that fits', () => {
    expect(batchWithin({ largestTensor: 10, mostRows: 1 }, newLayout('rlstm', SIZES))).toBe(1)
  })
})

describe('a batch in memory', () => {
  it('records 2^26 numbers of a graph at most, and one sample where not even that fits', () => {
    const layout = { sizes: SIZES, largestValue: 1000, allValues: 2 ** 20 }
    expect(batchInMemory(layout)).toBe(64)
    expect(batchInMemory({ ...layout, allValues: 2 ** 27 })).toBe(1)
  })

  it('has no bound for our own models', () => {
    expect(batchInMemory(newLayout('convdeep', SIZES))).toBe(Infinity)
  })
})

describe('a batch of large inputs', () => {
  it('is as large as it may for digits and small photos, one for those of 1024 x 1024, and never none', () => {
    expect(batchOfInputs(200, 28 * 84)).toBe(200)
    expect(batchOfInputs(200, 32 * 32 * 3)).toBe(200)
    expect(batchOfInputs(200, 1024 * 1024 * 3)).toBe(1)
    expect(batchOfInputs(200, 1e9)).toBe(1)
  })
})
