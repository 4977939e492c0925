import { describe, expect, it } from 'vitest'
import { emptyPanelLines } from '../../../src/charts/empty-panel.ts'
import { FIGURES } from '../../../src/engine/figures/figures.ts'
import { figureCaption } from '../../../src/engine/figures/figure-caption.ts'
import { makeFigure } from '../../../src/engine/figures/make-figure.ts'
import type { FigurePanel } from '../../../src/shared/contract/figures.ts'
import { FIGURE_NAMES } from '../../../src/shared/figures.ts'
import { someInput, type SomeMap } from './some-maps.ts'

const facts = { cap: 'default τ', choice: 'all maps', otherClass: 0, withheld: 0 }
const even: SomeMap['shares'] = [0.5, 0.4, 0.1]
const dominated: SomeMap['shares'] = [0.95, 0.03, 0.02]

/** Means of a panel by line and category. */
const meansOf = (panel: FigurePanel | undefined) =>
  Object.fromEntries(
    (panel?.series ?? []).map(({ label, points }) => [
      label,
      Object.fromEntries(points.map(({ category, mean }) => [panel?.categories[category], mean])),
    ]),
  ) as unknown

describe('every named figure', () => {
  it.each(FIGURE_NAMES)('%s is empty without maps, and says so', async (name) => {
    const figure = await makeFigure(name, someInput([]), facts)
    expect(figure).toMatchObject({ panels: [], pictures: [], caption: 'No maps match.', maps: 0 })
  })

  it.each(FIGURE_NAMES)('%s of one map has no interval and no made-up number', async (name) => {
    const one = { shares: dominated, architecture: 'convdeep', method: 'gi' }
    const { panels } = await makeFigure(
      name,
      someInput([one, { ...one, architecture: 'deep', method: 'sa' }]),
      facts,
    )
    for (const { low, high } of panels.flatMap(({ series }) => series.flatMap(({ points }) => points))) {
      expect([low, high]).toEqual([null, null])
    }
  })

  it.each(FIGURE_NAMES)('%s of maps without relevance is drawn without NaN', async (name) => {
    const empty: SomeMap = { shares: [0, 0, 0], architecture: 'convdeep', method: 'gi' }
    const figure = await makeFigure(
      name,
      someInput([empty, { ...empty, architecture: 'rlstm', method: 'gb' }]),
      facts,
    )
    expect(JSON.parse(JSON.stringify(figure))).toEqual(figure)
  })

  it.each(FIGURE_NAMES)('%s of maps without regions says what they lack', async (name) => {
    const bare: SomeMap = { shares: [], architecture: 'convdeep', method: 'gi' }
    const figure = await makeFigure(
      name,
      someInput([bare, { ...bare, architecture: 'convdeep_lateral' }]),
      facts,
    )
    const points = figure.panels.flatMap(({ series }) => series.flatMap((line) => line.points))
    expect(points.filter(({ mean }) => mean !== null)).toEqual([])
    for (const panel of figure.panels) expect(emptyPanelLines(panel)).toHaveLength(2)
    expect(figure.notes.join()).toMatch(figure.panels.length === 0 ? '' : 'shares need regions')
  })

  it('with a metric that no map has says how to get it', async () => {
    const figure = await makeFigure('metrics', someInput([{ shares: even }], { metric: 'gini' }), facts)
    expect(figure.panels[0]?.series[0]?.points[0]).toMatchObject({ mean: null, count: 0, undefined: 1 })
    expect(figure.notes.join()).toContain('heatproof score')
  })
})

describe('gb-gates', () => {
  const values = { sa: 0.5, sa_const_gates: 0.6, gb_raw_gates: 0.55, gb: 0.9 }
  const maps = [1, 2].flatMap((sample) =>
    Object.entries(values).map(([method, value]): SomeMap => ({
      shares: [value, 0, 1 - value],
      method,
      architecture: 'rlstm',
      sample,
    })),
  )

  it('tells the effect of the gates from that of guidance', async () => {
    const { panels, notes } = await FIGURES['gb-gates'](someInput([...maps, { shares: even, method: 'dtd' }]))
    expect(panels.map(({ by }) => by)).toEqual(['method', 'effect'])
    expect(panels[0]?.categories).toEqual(['sa', 'sa_const_gates', 'gb_raw_gates', 'gb'])
    const effects = meansOf(panels[1]) as { 'R-LSTM': Record<string, number> }
    expect(effects['R-LSTM']['gates, without guidance']).toBeCloseTo(0.1, 12)
    expect(effects['R-LSTM']['gates, with guidance']).toBeCloseTo(0.35, 12)
    expect(effects['R-LSTM']['guidance, raw gates']).toBeCloseTo(0.05, 12)
    expect(effects['R-LSTM']['guidance, constant gates']).toBeCloseTo(0.3, 12)
    expect(notes?.join()).toContain('no maps of Deep')
  })

  it('pairs maps of the same sample and fold alone', async () => {
    const lonely: SomeMap = { shares: [0, 0, 1], method: 'sa', architecture: 'rlstm', sample: 3 }
    const { panels } = await FIGURES['gb-gates'](someInput([...maps, lonely]))
    expect(panels[1]?.series[0]?.points.map(({ count }) => count)).toEqual([2, 2, 2, 2])
  })
})

describe('capped', () => {
  it('has the plain percentage and the capped one beside it', async () => {
    const { panels } = await FIGURES.capped(someInput([{ shares: dominated }], { tau: 0.6 }))
    expect(panels.map(({ quantity }) => quantity)).toEqual(['percentage', 'capped_percentage'])
    expect(panels[0]?.series[0]?.points[0]?.mean).toBeCloseTo(0.98, 12)
    expect(panels[1]?.series[0]?.points[0]?.mean).toBeCloseTo(0.63, 12)
    for (const { baselines } of panels) expect(baselines).toHaveLength(2)
  })
})

describe('lateral', () => {
  it('subtracts ConvDeep from Conv+Deep, map by map', async () => {
    const { panels } = await FIGURES.lateral(
      someInput([
        { shares: [0.5, 0, 0.5], architecture: 'convdeep', sample: 1 },
        { shares: [0.7, 0, 0.3], architecture: 'convdeep_lateral', sample: 1 },
        { shares: even, architecture: 'deep', sample: 1 },
      ]),
    )
    expect(panels[0]?.series.map(({ label }) => label)).toEqual(['ConvDeep', 'Conv+Deep'])
    expect(panels[1]?.series[0]?.points[0]?.mean).toBeCloseTo(0.2, 12)
  })
})

describe('dominance', () => {
  it('shows what the cap takes the most from, one of a sequence, and no map with a negative share', async () => {
    const { pictures, sentences } = await FIGURES.dominance(
      someInput([
        { shares: even },
        { shares: [0.9, 0.05, 0.05], sample: 2 },
        { shares: dominated, sample: 2 },
        { shares: [0.85, 0.1, 0.05], sample: 4 },
        { shares: [1.4, -0.5, 0.1], sample: 5 },
        { shares: [0.01, 0.01, 0.98], sample: 6 },
      ]),
    )
    expect(pictures?.map(({ mapId }) => mapId)).toEqual([3, 4])
    expect(pictures?.[0]).toMatchObject({
      shares: dominated,
      marks: [1, 1, 0],
      label: 'Deep',
      sampleLabel: 7,
    })
    expect(sentences?.[0]).toContain('from 3 maps')
  })
})

describe('dominance-rate', () => {
  const maps = [dominated, dominated, even, even, dominated].map((shares): SomeMap => ({ shares }))

  it('takes verdicts where there are some, by their weights, and the rule elsewhere', async () => {
    const verdicts = new Map([
      [1, { dominates: true, weight: 1 }],
      [3, { dominates: false, weight: 3 }],
    ])
    const { panels, sentences } = await FIGURES['dominance-rate'](someInput(maps, { verdicts }))
    expect(panels[0]?.series.map(({ source, label }) => [source, label])).toEqual([
      ['verdicts', 'Deep (verdicts)'],
      ['metric', 'Deep (metric)'],
    ])
    expect(meansOf(panels[0])).toEqual({ 'Deep (verdicts)': { sa: 0.25 }, 'Deep (metric)': { sa: 2 / 3 } })
    expect(sentences?.[0]).toContain('2 maps count by the consensus')
    expect(sentences?.[0]).toContain('dominance > 0.800 (not calibrated)')
  })
})

describe('position', () => {
  it('has the share of each item, whatever its mark, and the uniform line', async () => {
    const { panels } = await FIGURES.position(
      someInput([{ shares: [0.1, 0.2, 0.7] }, { shares: [0.3, 0, 0.7] }]),
    )
    expect(panels[0]).toMatchObject({ by: 'position', categories: ['item 1', 'item 2', 'item 3'] })
    expect(panels[0]?.series[0]?.points.map(({ mean }) => mean?.toFixed(6))).toEqual([
      '0.200000',
      '0.100000',
      '0.700000',
    ])
    expect(panels[0]?.baselines).toEqual([{ name: 'uniform', value: 1 / 3 }])
  })
})

describe('out-of-range', () => {
  it('counts maps of signed methods alone, and has the positive part beside', async () => {
    const { panels } = await FIGURES['out-of-range'](
      someInput([
        { shares: [1.2, 0.3, -0.5], method: 'gi' },
        { shares: even, method: 'gi' },
        { shares: even, method: 'sa' },
      ]),
    )
    expect(panels.map(({ quantity }) => quantity)).toEqual(['share_out_of_range', 'percentage_positive'])
    expect(panels[0]?.categories).toEqual(['gi'])
    expect(panels[0]?.series[0]?.points[0]).toMatchObject({ mean: 0.5, outOfRange: 1 })
    expect(panels[1]?.series[0]?.points[0]?.mean).toBeCloseTo((1 + 0.9) / 2, 12)
  })
})

describe('a caption', () => {
  const caption = async (maps: SomeMap[], change = {}) => {
    const { caption: text } = await makeFigure('metrics', someInput(maps), { ...facts, ...change })
    return text
  }

  it('counts one map and one sequence in the singular', async () => {
    expect(await caption([{ shares: even }])).toContain('over 1 map of 1 sequence (all maps)')
    expect(await caption([{ shares: [1.2, 0.3, -0.5] }])).toContain('1 map outside [0, 1], kept as it is.')
  })

  it('names each kind of odd value', async () => {
    const text = await caption([
      { shares: [1.2, 0.3, -0.5] },
      { shares: [1.3, 0.3, -0.6] },
      { shares: [0, 0, 0] },
    ])
    expect(text).toContain('2 maps outside [0, 1], kept as they are; 1 map without relevance.')
  })

  it('says what is left out, also when nothing else matches', async () => {
    expect(await caption([{ shares: even }], { otherClass: 1 })).toMatch(
      /\. Left out: 1 map of a class that is neither the label nor the prediction\.$/,
    )
    expect(await caption([], { withheld: 20 })).toBe(
      'No maps match. Left out: 20 maps of blind queues that you have not decided.',
    )
  })

  it('says that the random line is over some of many sequences', async () => {
    const { panels, subject } = await FIGURES.metrics(someInput([{ shares: even }]))
    const of = (sequences: number) => figureCaption({ panels, subject }, { ...facts, maps: 1, sequences })
    expect(of(1000)).toContain('over the same sequences')
    expect(of(1001)).toContain('over 1,000 of the sequences')
  })
})
