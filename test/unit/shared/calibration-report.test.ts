import { describe, expect, it } from 'vitest'
import { rareClassParadox } from '../../../src/shared/agreement-text.ts'
import { calibrationReport } from '../../../src/shared/calibration-report.ts'
import type { AgreementMeasures } from '../../../src/shared/contract/agreement.ts'
import type { CalibrationFit } from '../../../src/shared/contract/calibration.ts'
import { someFit } from '../../integration/figures/some-fit.ts'

const source = { maps: 20, sequences: 12, reviewers: 2, queues: 3, drawnAtRandom: 5, unknownProbability: 0 }
const fit: CalibrationFit = {
  ...someFit({ tau: 0.72 }),
  ...{ source, weighted: true, hasRandomPart: true, code: { version: '0.1.0', method: 2 } },
}
const estimate = { value: 0, low: 0, high: 0 }
const partsOf = (change: Partial<CalibrationFit> = {}) => {
  const [fitted, says, not] = calibrationReport({ ...fit, ...change }).map(({ sentences }) =>
    sentences.join(' '),
  )
  return { fitted: fitted ?? '', says: says ?? '', not: not ?? '' }
}

describe('the report of a fit', () => {
  it('says what was fitted on what', () => {
    const { fitted } = partsOf()
    for (const said of [
      'Capped percentage was fitted to tell maps that fail with single-item dominance',
      '10 failed maps and 10 accepted maps, of 12 base sequences, decided by 2 reviewers in 3 queues',
      '5 maps of 20 (25 %) came from the random part',
      'inverse of the probability',
      'Youden',
      'Seed 0, 100 resamples',
      'Heatproof 0.1.0 (method 2)',
    ])
      expect(fitted).toContain(said)
    expect(partsOf({ weighted: false }).fitted).toContain('counts the same')
    expect(partsOf({ groupVerdicts: true }).fitted).toContain('whole groups')
  })

  it('says how theta was chosen, and what a bound of the miss rate rests on', () => {
    expect(partsOf({ rule: { kind: 'cost', ratio: 5 } }).fitted).toContain('costing 5 times a false alarm')
    expect(partsOf({ rule: { kind: 'cost', ratio: 5 } }).not).toContain('least cost depends')
    const guarantee = {
      ...{
        rate: 0.1,
        flags: 31,
        sequences: 22,
        effectiveSequences: 14.25,
        missed: 0.04,
        sequencesForTau: 20,
      },
    }
    const { fitted, says, not } = partsOf({ rule: { kind: 'miss_rate', rate: 0.1 }, guarantee })
    expect(fitted).toContain('at most 10 % of the failing maps are missed')
    expect(fitted).toContain('τ was chosen on 20 other sequences')
    expect(says).toContain('rests on 31 failing maps of 22 sequences, worth 14.3 of equal weight')
    expect(not).toContain('on average over sets of flags')
  })

  it('names the best metric and those that are not told apart from it', () => {
    const row = (metric: 'dominance' | 'cosine' | 'percentage', pHolm: number | null) => ({
      ...{ metric, auc: estimate, difference: estimate, p: pHolm, pHolm },
    })
    const { says } = partsOf({
      ranking: [row('dominance', null), row('cosine', 0.2), row('percentage', 0.01)],
    })
    expect(says).toContain('dominance agrees best with the reviewers; 1 of the other 2 are worse')
    expect(says).toContain('Not told apart from it: cosine similarity.')
  })

  it('says what not to conclude, and more where the verdicts allow less', () => {
    expect(partsOf().not).toMatch(/not faithfulness.*cross-validation/)
    expect(partsOf().not).not.toContain('drawn at random')
    expect(partsOf({ hasRandomPart: false }).not).toContain('No map was drawn at random')
    expect(partsOf({ source: { ...source, reviewers: 1 } }).not).toContain('A single reviewer')
    expect(partsOf({ tau: { value: 0.7, low: 0.55, high: 0.9 } }).not).toContain('do not settle τ')
  })

  it('reads fits of older versions, which do not know their source', () => {
    expect(partsOf({ source: null, code: null }).fitted).toContain(
      'It rests on 10 failed maps and 10 accepted maps.',
    )
  })
})

describe('the paradox of the rare class', () => {
  const of = (value: number | null) => ({ value, low: null, high: null })
  const measures: AgreementMeasures = {
    ...{ on: 'diffuse', maps: 200, completeMaps: 200, prevalence: 0.03 },
    ...{ raw: of(0.95), cohen: of(0.14), fleiss: of(0.14), krippendorff: of(0.14), gwet: of(0.94) },
    ...{ positive: of(0.17), negative: of(0.97) },
  }

  it('is explained where nearly all agree, a coefficient is low and one answer is rare', () => {
    expect(rareClassParadox(measures)).toMatch(
      /95 % of the pairs of ratings agree, yet alpha is 0\.140: only 3 % of the ratings flag it.*0\.170.*0\.940/,
    )
    expect(rareClassParadox({ ...measures, on: 'verdict', prevalence: 0.96 })).toMatch(
      /all but 4\.0 % of the ratings say “fail”.*0\.970 on the rare answer/,
    )
  })

  it('is not claimed where one of the three is missing', () => {
    expect(rareClassParadox({ ...measures, raw: of(0.6) })).toBeNull()
    expect(rareClassParadox({ ...measures, krippendorff: of(0.7) })).toBeNull()
    expect(rareClassParadox({ ...measures, krippendorff: of(null) })).toBeNull()
    expect(rareClassParadox({ ...measures, prevalence: 0.4 })).toBeNull()
  })
})
