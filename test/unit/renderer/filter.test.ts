import { describe, expect, it } from 'vitest'
import {
  chosenValues,
  rangeOf,
  restrictions,
  toggleValue,
  withFacet,
  withRange,
} from '../../../src/renderer/lib/filter.ts'

describe('the filter', () => {
  it('adds and takes away values in the type of their facet', () => {
    expect(toggleValue({}, 'label', '7')).toEqual({ label: [7] })
    expect(toggleValue({ label: [7] }, 'label', '3')).toEqual({ label: [7, 3] })
    expect(toggleValue({ label: [7], fold: [1] }, 'label', '7')).toEqual({ fold: [1] })
    expect(toggleValue({}, 'verdict', 'none')).toEqual({ verdict: ['none'] })
  })

  it('knows right and wrong predictions as one choice', () => {
    expect(toggleValue({}, 'correct', 'false')).toEqual({ correct: false })
    expect(toggleValue({ correct: false }, 'correct', 'true')).toEqual({ correct: true })
    expect(toggleValue({ correct: true }, 'correct', 'true')).toEqual({})
    expect(chosenValues({ correct: false }, 'correct')).toEqual(['false'])
  })

  it('clears a facet', () => {
    expect(withFacet({ method: ['sa'], mode: ['other'] }, 'method', [])).toEqual({ mode: ['other'] })
  })

  it('has at most one range a metric', () => {
    const once = withRange({}, 'cosine', { low: 0.1, high: 0.5 })
    const twice = withRange(once, 'cosine', { low: 0.2, high: 0.5 })
    expect(twice).toEqual({ ranges: [{ metric: 'cosine', low: 0.2, high: 0.5 }] })
    expect(rangeOf(twice, 'cosine')).toMatchObject({ low: 0.2, high: 0.5 })
    expect(rangeOf(twice, 'dominance')).toBeNull()
    expect(withRange(twice, 'cosine', null)).toEqual({})
  })

  it('counts what restricts', () => {
    expect(restrictions({})).toBe(0)
    expect(restrictions({ method: ['sa', 'gb'], correct: true })).toBe(2)
    expect(restrictions({ method: ['sa'], ranges: [{ metric: 'cosine', low: 0, high: 1 }] })).toBe(2)
  })
})
