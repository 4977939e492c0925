import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placeLabels } from '../../../src/charts/baselines.ts'
import { emptyPanelLines, wrapWords } from '../../../src/charts/empty-panel.ts'
import { figureChart, legendOf, panelRange, seriesStyle } from '../../../src/charts/figure-chart.ts'
import { paletteColours } from '../../../src/charts/palettes.ts'
import type { FigurePanel, FigurePoint } from '../../../src/shared/contract/figures.ts'

function point(category: number, mean: number | null): FigurePoint {
  const [low, high] = mean === null ? [null, null] : [mean - 0.05, mean + 0.05]
  return { category, mean, low, high, count: 10, outOfRange: 1, undefined: 2, noRelevance: 3, spread: null }
}

function panel(means: readonly (number | null)[][], change: Partial<FigurePanel> = {}): FigurePanel {
  return {
    dataset: 'mnist-3-digits-maj',
    title: 'MNIST',
    kind: 'points',
    quantity: 'percentage',
    valueTitle: 'Percentage',
    by: 'method',
    categories: ['sa', 'gb', 'dtd'],
    series: means.map((row, index) => ({
      architecture: index === 0 ? 'deep' : 'rlstm',
      label: index === 0 ? 'Deep' : 'R-LSTM',
      source: 'metric',
      over: 'sequences',
      points: row.map((mean, category) => point(category, mean)),
    })),
    baselines: [
      { name: 'uniform', value: 2 / 3 },
      { name: 'random', value: 0.66 },
    ],
    ...change,
  }
}

/** Where the values of a chart stand, line by line. */
function drawn(
  drawnPanel: FigurePanel,
): { x: number; y: number; low: number | null; high: number | null }[][] {
  const { data } = figureChart(drawnPanel, { min: 0, max: 1 }, paletteColours('light'), [])
  return data.datasets.map((dataset) => dataset.data as never)
}

describe('a chart of a figure', () => {
  it('puts every value above its category, with its interval', () => {
    const lines = drawn(
      panel([
        [0.5, 0.6, 0.7],
        [0.8, 0.9, 0.95],
      ]),
    )
    expect(lines.map((line) => line.map(({ y }) => y))).toEqual([
      [0.5, 0.6, 0.7],
      [0.8, 0.9, 0.95],
    ])
    for (const line of lines) {
      line.forEach(({ x }, index) => expect(Math.abs(x - index)).toBeLessThan(0.5))
      for (const { y, low, high } of line) expect([low, high]).toEqual([y - 0.05, y + 0.05])
    }
  })

  it('never moves a value as far as to another category, and never two lines to one place', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom<FigurePanel['kind']>('points', 'distribution'),
        (lines, kind) => {
          const first = drawn(
            panel(
              Array.from({ length: lines }, () => [0.5]),
              { kind },
            ),
          ).map(([datum]) => datum?.x ?? NaN)
          expect(Math.max(...first.map(Math.abs))).toBeLessThan(0.5)
          expect(new Set(first).size).toBe(lines)
        },
      ),
    )
  })

  it('leaves a gap where there is no mean', () => {
    const [line = []] = drawn(panel([[0.5, null, 0.7]]))
    expect(line[1]?.y).toBeNaN()
  })

  it('has one range for the plain and the capped percentage, and another one for differences', () => {
    const panels = [
      panel([[0.5]]),
      panel([[1.2]], { quantity: 'capped_percentage' }),
      panel([[-0.4]], { by: 'effect', baselines: [{ name: 'no effect', value: 0 }] }),
    ]
    const [plain, capped, effect] = panels.map((each) => panelRange({ panels }, each))
    expect(plain).toEqual(capped)
    expect(plain?.min).toBeLessThanOrEqual(0.45)
    expect(plain?.max).toBeGreaterThanOrEqual(1.25)
    expect(effect?.min).toBeLessThanOrEqual(-0.45)
    expect(effect?.max).toBeLessThan(0.5)
  })

  it('draws what the metric says hollow where verdicts stand beside it, in the colour of the architecture', () => {
    const styles = (['verdicts', 'metric'] as const).map((source) =>
      seriesStyle(
        { architecture: 'rlstm', label: `R-LSTM (${source})`, source, over: 'sequences', points: [] },
        [],
      ),
    )
    expect(styles.map(({ hollow }) => hollow)).toEqual([false, true])
    expect(styles[0]?.colour).toBe(styles[1]?.colour)
    expect(styles[0]?.marker).toBe(styles[1]?.marker)
  })

  it('has every line once in its legend', () => {
    expect(legendOf({ panels: [panel([[0.5], [0.6]]), panel([[0.7]])] }).map(({ label }) => label)).toEqual([
      'Deep',
      'R-LSTM',
    ])
  })
})

describe('baselines', () => {
  it('have names that do not cover each other, in the order of their lines', () => {
    expect(placeLabels([100, 101], 14)).toEqual([100, 114])
    expect(placeLabels([101, 100], 14)).toEqual([114, 100])
    expect(placeLabels([10, 200], 14)).toEqual([10, 200])
  })
})

describe('a panel where no map has a value', () => {
  const empty = (change: Partial<FigurePanel>, counts: Partial<FigurePoint> = {}) => {
    const { series, ...rest } = panel([[null, null]], change)
    const withCounts = series.map((line) => ({
      ...line,
      points: line.points.map((one) => ({ ...one, count: 0, undefined: 2, noRelevance: 0, ...counts })),
    }))
    return emptyPanelLines({ ...rest, series: withCounts })
  }

  it('says how many maps are in which state, and why', () => {
    expect(empty({})).toEqual([
      'Percentage: no map has a value',
      '4 maps undefined: no regions say where evidence is in their samples.',
    ])
    expect(empty({ quantity: 'gini' })[1]).toContain('made before there was this metric')
    expect(empty({ quantity: 'dominance' }, { undefined: 0, noRelevance: 1 })).toEqual([
      'Percentage: no map has a value',
      '2 maps without relevance.',
    ])
    expect(empty({ by: 'effect' })[0]).toBe('Percentage: no pair of maps has one')
  })

  it('is drawn with that in its middle, and without baselines', () => {
    const pluginsOf = (drawnPanel: FigurePanel) =>
      figureChart(drawnPanel, { min: 0, max: 1 }, paletteColours('light'), []).plugins?.map(({ id }) => id)
    expect(pluginsOf(panel([[null]]))).toEqual(['message', 'errorBars'])
    expect(pluginsOf(panel([[null, 0.5]]))).toEqual(['baselines', 'violins', 'errorBars'])
  })

  it('breaks lines between words, and leaves a word whole that does not fit', () => {
    expect(wrapWords('no map has unquestionably a value', (line) => line.length <= 10)).toEqual([
      'no map has',
      'unquestionably',
      'a value',
    ])
  })
})
