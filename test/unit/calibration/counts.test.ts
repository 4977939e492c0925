import { describe, expect, it } from 'vitest'
import { missingVerdicts, requireEnoughVerdicts } from '../../../src/engine/calibration/counts.ts'
import { HeatproofError } from '../../../src/shared/errors.ts'

function refusal(positives: number, negatives: number): HeatproofError {
  try {
    requireEnoughVerdicts(positives, negatives, 'odd_item_focus')
  } catch (error) {
    if (error instanceof HeatproofError) return error
    throw error
  }
  throw new Error('Not refused')
}

describe('missingVerdicts', () => {
  it('counts up to ten of each', () => {
    expect(missingVerdicts(0, 4)).toEqual({ missingPositives: 10, missingNegatives: 6 })
    expect(missingVerdicts(10, 250)).toEqual({ missingPositives: 0, missingNegatives: 0 })
  })
})

describe('requireEnoughVerdicts', () => {
  it('accepts ten of each', () => {
    expect(() => requireEnoughVerdicts(10, 10, 'diffuse')).not.toThrow()
  })

  it('names the class that is missing and how many', () => {
    expect(refusal(9, 30)).toMatchObject({ code: 'too_few_verdicts', exitCode: 2 })
    expect(refusal(9, 30).advice).toBe("Review 1 more failing with 'odd_item_focus'.")
    expect(refusal(30, 7).advice).toBe('Review 3 more accepted.')
    expect(refusal(2, 0).advice).toBe("Review 8 more failing with 'odd_item_focus' and 10 more accepted.")
    expect(refusal(2, 0).found).toBe("2 heatmaps failing with 'odd_item_focus' and 0 accepted")
  })
})
