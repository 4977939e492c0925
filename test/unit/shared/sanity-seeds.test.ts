import { describe, expect, it } from 'vitest'
import { SanityRequest, StoredSanityRequest } from '../../../src/shared/contract/sanity.ts'
import { printSeeds, seedsOf } from '../../../src/shared/sanity-seeds.ts'

const REQUEST = { modelId: 1, methods: ['gb'], dataset: 'mnist-3-digits-maj' }

describe('draws of fresh weights', () => {
  it('have seeds that count up from the first', () => {
    expect(seedsOf({ seed: 7, seeds: 3 })).toEqual([7, 8, 9])
    expect(printSeeds({ seed: 7, seeds: 3 })).toBe('seeds 7 to 9')
    expect(printSeeds({ seed: 7, seeds: 1 })).toBe('seed 7')
  })

  it('are three where a request does not say, one to ten where it does', () => {
    expect(SanityRequest.parse(REQUEST).seeds).toBe(3)
    for (const seeds of [1, 10]) expect(SanityRequest.parse({ ...REQUEST, seeds }).seeds).toBe(seeds)
    for (const seeds of [0, 11, 1.5])
      expect(SanityRequest.safeParse({ ...REQUEST, seeds }).success).toBe(false)
  })

  it('were one where a stored request does not say', () => {
    expect(StoredSanityRequest.parse(REQUEST).seeds).toBe(1)
    expect(StoredSanityRequest.parse({ ...REQUEST, seeds: 4 }).seeds).toBe(4)
  })
})
