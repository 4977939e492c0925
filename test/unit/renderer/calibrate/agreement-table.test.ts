import { describe, expect, it } from 'vitest'
import { measureAgreement, type Rating } from '../../../../src/engine/calibration/agreement-report.ts'
import { cellOf, raterSets } from '../../../../src/renderer/views/calibrate/agreement-table.ts'

const accept: Rating = { verdict: 'accept', modes: [], blind: false }
const measured = (reviewers: string[], ratings: (Rating | null)[]) =>
  measureAgreement({
    ...{ reviewers, maps: [{ sequenceId: 1, ratings }], seed: 1, resamples: 10 },
    repeats: [{ reviewer: 'Ada', maps: [{ sequenceId: 1, ratings: [accept, accept] }] }],
  })

describe('the sets of raters', () => {
  it('are all together, each with themselves, and with three or more every two who share a map', () => {
    const labels = (reviewers: string[], ratings: (Rating | null)[]) =>
      raterSets(measured(reviewers, ratings)).map(({ label }) => label)
    const own = 'Ada with themselves (1 repeat)'
    expect(labels(['Ada', 'Bob'], [accept, accept])).toEqual(['all reviewers', own])
    expect(labels(['Ada', 'Bob', 'Cem'], [accept, accept, null])).toEqual([
      'all reviewers',
      'Ada and Bob',
      own,
    ])
    expect(labels(['Ada', 'Bob'], [accept, null])).toEqual([own])
  })
})

describe('a cell', () => {
  it('says undefined where there is no value, and leaves out an interval that is not there', () => {
    expect(cellOf({ value: null, low: null, high: null })).toEqual({ value: 'undefined', interval: '' })
    expect(cellOf({ value: 0.5, low: null, high: null })).toEqual({ value: '0.50', interval: '' })
    expect(cellOf({ value: 0.5, low: -0.25, high: 1 })).toEqual({ value: '0.50', interval: '−0.25 to 1.00' })
  })
})
