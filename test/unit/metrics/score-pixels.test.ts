import { describe, expect, it } from 'vitest'
import { scoreSparseness, scoreStrokes } from '../../../src/engine/metrics/score-pixels.ts'
import { SPARSENESS_METRICS, STROKE_METRICS } from '../../../src/shared/names.ts'

const STROKES = Uint8Array.of(0, 1, 1, 0)

function scored(values: number[], strokes = STROKES) {
  const map = Float64Array.from(values)
  const scores = [...scoreStrokes(map, strokes), ...scoreSparseness(map)]
  return Object.fromEntries(scores.map(({ metric, value, state }) => [metric, { value, state }]))
}

describe('scores of a map by pixel', () => {
  it('come in the order of their names', () => {
    const map = Float64Array.of(1, 2, 3, 4)
    expect(scoreStrokes(map, STROKES).map(({ metric }) => metric)).toEqual([...STROKE_METRICS])
    expect(scoreSparseness(map).map(({ metric }) => metric)).toEqual([...SPARSENESS_METRICS])
  })

  it('belong to their names', () => {
    expect(scored([1, 4, -2, 3])).toEqual({
      mass_accuracy: { value: 4 / 8, state: 'ok' },
      mass_accuracy_signed: { value: 2 / 6, state: 'ok' },
      rank_accuracy: { value: 1 / 2, state: 'ok' },
      pointing_game: { value: 1, state: 'ok' },
      stroke_auc: { value: 2 / 4, state: 'ok' },
      gini: { value: (-3 * 1 - 2 + 3 + 3 * 4) / (4 * 10), state: 'ok' },
      entropy: { value: expect.closeTo(1.2798542258, 9) as number, state: 'ok' },
    })
  })

  it('say undefined without a stroke, whatever the map', () => {
    for (const values of [
      [1, 2, 3, 4],
      [0, 0, 0, 0],
    ]) {
      const scores = scored(values, new Uint8Array(4))
      for (const metric of STROKE_METRICS) expect(scores[metric]).toEqual({ value: null, state: 'undefined' })
      expect(scores.gini?.value).not.toBeNull()
    }
  })

  it('keep a signed mass out of range and mark it', () => {
    expect(scored([-3, 4, 0, 0]).mass_accuracy_signed).toEqual({ value: 4, state: 'out_of_range' })
    expect(scored([-3, 4, 0, 0]).mass_accuracy).toEqual({ value: 1, state: 'ok' })
    expect(scored([3, -4, 0, 3]).mass_accuracy_signed).toEqual({ value: -2, state: 'out_of_range' })
  })

  it('say no relevance where nothing is left of what they look at', () => {
    const empty = scored([0, 0, 0, 0])
    for (const metric of [...STROKE_METRICS, ...SPARSENESS_METRICS]) {
      expect(empty[metric]?.state).toBe('no_relevance')
    }
    expect(empty.mass_accuracy?.value).toBe(0)
    expect(empty.stroke_auc?.value).toBe(0.5)

    const negative = scored([-1, -2, 0, 0])
    expect(negative.mass_accuracy).toEqual({ value: 0, state: 'no_relevance' })
    expect(negative.mass_accuracy_signed).toEqual({ value: 2 / 3, state: 'ok' })
    expect(negative.rank_accuracy?.state).toBe('ok')

    const balanced = scored([-1, 1 + 1e-7, 0, 0])
    expect(balanced.mass_accuracy_signed).toEqual({ value: 0, state: 'no_relevance' })
    expect(balanced.mass_accuracy?.state).toBe('ok')
  })
})
