import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { baselinesOf, placeLabels } from '../../../../src/renderer/charts/baselines.ts'
import { seriesOf, tallyOf, valueRange, type PlotPanel } from '../../../../src/renderer/charts/point-plot.ts'

const METHODS = ['sa', 'gb', 'dtd']

function point(method: string, mean: number | null, count = 10) {
  const [low, high] = mean === null ? [null, null] : [mean - 0.05, mean + 0.05]
  return { method, mean, low, high, count, outOfRange: 1, undefined: 2, noRelevance: 3 }
}

function panel(means: readonly (number | null)[][]): PlotPanel {
  return {
    dataset: 'mnist-3-digits-maj',
    title: 'MNIST',
    uniform: 2 / 3,
    random: 0.66,
    lines: means.map((row, index) => ({
      architecture: index === 0 ? 'deep' : 'rlstm',
      label: index === 0 ? 'Deep' : 'R-LSTM',
      over: 'sequences' as const,
      points: row.map((mean, at) => point(METHODS[at] ?? '', mean)),
    })),
  }
}

describe('the point plot', () => {
  it('puts every point above its method and keeps the means and intervals', () => {
    const series = seriesOf(
      panel([
        [0.5, 0.6, 0.7],
        [0.8, 0.9, 0.95],
      ]),
      METHODS,
    )
    for (const line of series) {
      line.data.forEach((datum, index) => expect(Math.abs(datum.x - index)).toBeLessThan(0.5))
      for (const datum of line.data) {
        expect(datum.y).toBe(datum.point.mean)
        expect([datum.low, datum.high]).toEqual([datum.point.low, datum.point.high])
      }
    }
  })

  it('never moves a point as far as to another method, and never two lines to one place', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), (lines) => {
        const series = seriesOf(panel(Array.from({ length: lines }, () => [0.5, 0.6, 0.7])), METHODS)
        const first = series.map((line) => line.data[0]?.x ?? NaN)
        expect(Math.max(...first.map(Math.abs))).toBeLessThan(0.5)
        expect(new Set(first).size).toBe(lines)
      }),
    )
  })

  it('leaves a gap where there is no mean, and nothing where there is no point', () => {
    const [line] = seriesOf(panel([[0.5, null]]), METHODS)
    expect(line?.data).toHaveLength(2)
    expect(line?.data[1]?.y).toBeNaN()
  })

  it('has one range for all panels that holds every interval and baseline', () => {
    const panels = [panel([[0.5, 0.6]]), panel([[0.9, 1.31]])]
    const { min, max } = valueRange(panels)
    expect(min).toBeLessThanOrEqual(0.45)
    expect(max).toBeGreaterThanOrEqual(1.36)
    expect(valueRange([])).toEqual({ min: 0, max: 1 })
    expect(valueRange([panel([[-0.4]])]).min).toBeLessThanOrEqual(-0.45)
  })

  it('counts what is out of range, undefined and without relevance', () => {
    const plot = { panels: [panel([[0.5, 0.6]]), panel([[0.7]])] }
    expect(tallyOf(plot)).toEqual({ maps: 30, outOfRange: 3, undefined: 6, noRelevance: 9 })
  })
})

describe('baselines', () => {
  it('are drawn as far as they are known, each with dashes of its own', () => {
    const both = baselinesOf({ uniform: 2 / 3, random: 0.66 })
    expect(both.map((line) => line.name)).toEqual(['uniform', 'random'])
    expect(both[0]?.dash).not.toEqual(both[1]?.dash)
    expect(baselinesOf({ uniform: null, random: 0.5 }).map((line) => line.name)).toEqual(['random'])
  })

  it('have names that do not cover each other, in the order of their lines', () => {
    expect(placeLabels([100, 101], 14)).toEqual([100, 114])
    expect(placeLabels([101, 100], 14)).toEqual([114, 100])
    expect(placeLabels([10, 200], 14)).toEqual([10, 200])
  })
})
