import { describe, expect, it } from 'vitest'
import {
  chosenValues,
  rangeOf,
  filterOfTarget,
  restrictions,
  shownFacets,
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

  it('lets through what a run of a target consists of', () => {
    expect(filterOfTarget('label')).toEqual({ explained: ['label'] })
    expect(filterOfTarget('predicted')).toEqual({ explained: ['label', 'predicted'] })
    expect(filterOfTarget(0)).toEqual({ target: [0] })
    expect(toggleValue({ target: [0] }, 'target', '7')).toEqual({ target: [0, 7] })
  })

  it('shows what maps explain only where it is not the label of all, or chosen', () => {
    const row = (value: string) => ({ value, label: value, count: 1 })
    const facets = { method: [row('sa')], explained: [row('label')], target: [row('3')], mode: [] }
    const shown = (...args: Parameters<typeof shownFacets>) => shownFacets(...args).map(({ facet }) => facet)
    expect(shown(facets, {})).toEqual(['method'])
    expect(shown(facets, { target: [3] })).toEqual(['method', 'target'])
    const mixed = { ...facets, explained: [row('label'), row('other')] }
    expect(shown(mixed, {})).toEqual(['method', 'explained', 'target'])
    expect(shown({ ...facets, explained: [row('predicted')] }, {})).toEqual(['method', 'explained', 'target'])
  })

  it('counts what restricts', () => {
    expect(restrictions({})).toBe(0)
    expect(restrictions({ method: ['sa', 'gb'], correct: true })).toBe(2)
    expect(restrictions({ method: ['sa'], ranges: [{ metric: 'cosine', low: 0, high: 1 }] })).toBe(2)
  })
})
