import { describe, expect, it } from 'vitest'
import { methodStyle } from '../../../../src/charts/method-style.ts'
import {
  sanityCaption,
  sanityRange,
  sanitySeries,
  stageLabels,
} from '../../../../src/renderer/charts/sanity-plot.ts'
import { SanityCheck } from '../../../../src/shared/contract/sanity.ts'
import { OFFERED_METHODS } from '../../../../src/shared/methods.ts'

const model = { id: 1, name: 'deep-fold-1', label: 'Deep', sha256: 'a'.repeat(64) }
const value = (method: string, mean: number | null, without = 0) => ({
  method,
  metric: 'spearman' as const,
  mean,
  low: mean === null ? null : mean - 0.1,
  high: mean === null ? null : mean + 0.05,
  count: 10 - without,
  undefined: without,
  noRelevance: 0,
})
const stage = (position: number, name: string, accuracy: number, values: ReturnType<typeof value>[]) => ({
  position,
  name,
  accuracy,
  values,
  backend: 'wasm',
  device: 'CPU',
  versions: {},
  seconds: 1,
  createdAt: '2026-01-01T00:00:00Z',
})

/** Two of three stages are done; in the second, one method has no value at all. */
const CHECK = SanityCheck.parse({
  id: 3,
  jobId: 4,
  request: { modelId: 1, methods: ['gb', 'dtd', 'random'], dataset: 'mnist-3-digits-maj', count: 10 },
  model,
  against: null,
  stageNames: ['original', 'logits', 'in1'],
  stages: [
    stage(0, 'original', 0.9, [value('gb', 1), value('dtd', 1), value('random', 1)]),
    stage(1, 'logits', 0.1, [value('gb', -0.32), value('dtd', null, 10), value('random', 1)]),
  ],
  warnings: ['Mind this.'],
  createdAt: '2026-01-01T00:00:00Z',
})

describe('the figure of a sanity check', () => {
  it('has a line a method over the stages that are done, with a gap where nothing is defined', () => {
    const series = sanitySeries(CHECK, 'spearman')
    expect(series.map(({ label }) => label)).toEqual(['gb', 'dtd', 'random'])
    expect(series.map(({ data }) => data.map(({ y }) => y))).toEqual([
      [1, -0.32],
      [1, NaN],
      [1, 1],
    ])
    for (const { data } of series) expect(data.map(({ x }) => Math.abs(Math.round(x)))).toEqual([0, 1])
    expect(new Set(series.map(({ data }) => data[0]?.x)).size).toBe(3)
    expect(sanitySeries(CHECK, 'ssim').every(({ data }) => data.length === 0)).toBe(true)
  })

  it('shows all values and intervals, and always 0 and 1', () => {
    expect(sanityRange(sanitySeries(CHECK, 'spearman'))).toEqual({ min: -0.5, max: 1.1 })
    expect(sanityRange([])).toEqual({ min: -0.1, max: 1.1 })
    const wide = sanitySeries(CHECK, 'spearman').map((line) => ({
      ...line,
      data: line.data.map((datum) => ({ ...datum, low: -3 })),
    }))
    expect(sanityRange(wide)).toEqual({ min: -1.1, max: 1.1 })
  })

  it('names every stage, and how much its model knows', () => {
    expect(stageLabels(CHECK)).toEqual([['original', '90 %'], ['logits', '10 %'], ['in1']])
  })

  it('says in its caption what is compared and what is left out', () => {
    const caption = sanityCaption(CHECK, 'spearman')
    for (const part of [
      'deep-fold-1',
      'seed 1',
      '10 sequences',
      '90 %',
      '10 %',
      'left out: dtd 10 of 20.',
      'Mind this.',
    ]) {
      expect(caption).toContain(part)
    }
    const other = sanityCaption({ ...CHECK, against: { ...model, name: 'rlstm-fold-1' } }, 'ssim')
    expect(other).toContain('those of rlstm-fold-1')
    expect(other).not.toContain('left out')
    expect(caption).toContain('for this one draw of the weights')
    const request = { ...CHECK.request, seeds: 3 }
    const several = sanityCaption({ ...CHECK, request }, 'spearman')
    expect(several).toContain('(seeds 1 to 3)')
    expect(several).toContain('and the 3 draws of the weights')
  })
})

describe('the style of a method', () => {
  it('is another one for every method that is offered, and grey for the control', () => {
    const styles = OFFERED_METHODS.map((method) => JSON.stringify(methodStyle(method)))
    expect(new Set(styles).size).toBe(OFFERED_METHODS.length)
    expect(methodStyle('random:7')).toEqual(methodStyle('random'))
    expect(methodStyle('random').colour).toBe('--text-3')
    expect(methodStyle('ig:128')).toEqual(methodStyle('ig'))
  })
})
