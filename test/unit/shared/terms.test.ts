import { describe, expect, it } from 'vitest'
import { QueueOrder } from '../../../src/shared/contract/queues.ts'
import { HeatproofError } from '../../../src/shared/errors.ts'
import { OFFERED_METHODS } from '../../../src/shared/methods.ts'
import {
  AGREEMENT_METRICS,
  ARCHITECTURE_NAMES,
  FAILURE_MODES,
  FLIPPING_METRICS,
  MAP_STATES,
  METRICS,
  SANITY_METRICS,
  SPARSENESS_METRICS,
  STROKE_METRICS,
  VERDICTS,
} from '../../../src/shared/names.ts'
import { explainTerm, findTerm, suggestTerms, TERMS, termTitle } from '../../../src/shared/terms.ts'

const MAP_METRICS = [...STROKE_METRICS, ...SPARSENESS_METRICS, ...FLIPPING_METRICS, ...AGREEMENT_METRICS]
const NAMES = [
  ...SANITY_METRICS.filter((name) => name === 'spearman_absolute'),
  ...METRICS,
  ...MAP_METRICS,
  ...OFFERED_METHODS,
  ...FAILURE_MODES,
  ...ARCHITECTURE_NAMES,
  ...VERDICTS,
  ...['random_share', 'repeat_share', 'known_answers', 'blind_queue', 'colour_scale'],
]

describe('terms', () => {
  it.each([...NAMES, ...MAP_STATES.filter((state) => state !== 'ok')])('explains %s', (name) => {
    const term = explainTerm(name)
    expect(term.name).toBe(name)
    expect(term.sentence).toMatch(/^[A-Z].{20,}\.$/)
  })

  it('has a formula for every metric and method', () => {
    const bare = TERMS.filter((term) => ['metric', 'method'].includes(term.kind) && !term.formula)
    expect(bare).toEqual([])
  })

  it.each(QueueOrder.options)('explains the order %s', (order) => {
    const other = { random: 'random_order', dominance: 'dominance_candidates', sequence: 'by_sequence' }
    const name = order in other ? other[order as keyof typeof other] : order
    expect(explainTerm(name)).toMatchObject({ name, kind: 'option' })
  })

  it('gives every term a name of its own', () => {
    const names = TERMS.map((term) => term.name)
    expect(new Set(names).size).toBe(names.length)
  })

  it.each([
    ['R-LSTM', 'rlstm'],
    ['Capped percentage', 'capped_percentage'],
    ['single-item dominance', 'single_item_dominance'],
    ['random:17', 'random'],
    ['lrp_a2b1:plain', 'lrp_a2b1'],
    ['lrp_a3b2', 'lrp_alpha_beta'],
    ['lrp_a3b2:plain', 'lrp_alpha_beta'],
    ['ig:8:0', 'ig'],
    ['lrp_eps:0.25', 'lrp_eps'],
    ['smoothgrad:25:0.15:mean', 'smoothgrad'],
    ['occlusion:8', 'occlusion'],
    ['Conv+Deep', 'convdeep_lateral'],
  ])('finds %s as %s', (written, name) => {
    expect(findTerm(written)?.name).toBe(name)
  })

  it('states the numbers of the method card', () => {
    expect(explainTerm('uniform').formula).toContain(Math.sqrt(2 / 3).toFixed(3))
    expect(explainTerm('cosine').sentence).toContain(Math.SQRT1_2.toFixed(3))
  })

  it('refuses an unknown term and suggests near ones', () => {
    expect(suggestTerms('cosin')[0]).toBe('cosine')
    expect(suggestTerms('domin')).toContain('dominance')
    expect(() => explainTerm('dominanse')).toThrow(HeatproofError)
    expect(() => explainTerm('dominanse')).toThrow(/Did you mean dominance/)
    expect(() => explainTerm('qqqqqqqqqqqqqqqqqqqq')).toThrow(/--list/)
  })

  it('falls back to the name itself as a title', () => {
    expect(termTitle('percentage')).toBe('Percentage in data region')
    expect(termTitle('qqqqqqqqqqqqqqqqqqqq')).toBe('qqqqqqqqqqqqqqqqqqqq')
  })
})
