import { describe, expect, it } from 'vitest'
import { pointPlotCaption } from '../../../src/engine/figures/caption.ts'
import type { PlottedScore } from '../../../src/engine/figures/point-plot.ts'

function scores(states: readonly PlottedScore['state'][]): PlottedScore[] {
  return states.map((state, index) => ({
    value: state === 'ok' ? 0.5 : null,
    state,
    dataset: 'mnist-3-digits-maj',
    architecture: 'deep',
    method: 'sa',
    fold: 1,
    sequenceId: index,
    sampleId: index,
  }))
}

const caption = (...states: PlottedScore['state'][]) =>
  pointPlotCaption(scores(states), [], { metric: 'percentage', source: 'all maps', otherClass: 0 })

describe('the caption of a point plot', () => {
  it('counts one map and one sequence in the singular', () => {
    expect(caption('ok')).toContain('over 1 map of 1 sequence,')
    expect(caption('out_of_range')).toContain('1 map outside [0, 1], kept as it is.')
  })

  it('counts several in the plural, and names each kind of odd value', () => {
    const text = caption('out_of_range', 'out_of_range', 'undefined', 'no_relevance', 'ok')
    expect(text).toContain('over 5 maps of 5 sequences,')
    expect(text).toContain(
      '2 maps outside [0, 1], kept as they are; 1 map undefined and left out of the means; 1 map without relevance.',
    )
  })

  it('has no last sentence when every value is in range', () => {
    expect(caption('ok', 'ok')).toMatch(/over the same sequences\.$/)
  })

  it('says so when nothing matches', () => {
    expect(caption()).toBe('No maps match.')
  })

  it('says how many maps of another class are left out, also when nothing else matches', () => {
    const facts = { metric: 'percentage', source: 'all maps' } as const
    const left = 'of a class that is neither the label nor the prediction.'
    expect(pointPlotCaption(scores(['ok']), [], { ...facts, otherClass: 1 })).toMatch(
      `. Left out: 1 map ${left}`,
    )
    expect(pointPlotCaption([], [], { ...facts, otherClass: 20 })).toBe(
      `No maps match. Left out: 20 maps ${left}`,
    )
  })
})
