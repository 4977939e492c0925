import { describe, expect, it } from 'vitest'
import { comparison } from '../../../src/engine/figures/comparison.ts'
import { comparisonCsv } from '../../../src/engine/statistics/comparison-csv.ts'
import { comparisonLatex, escapeLatex } from '../../../src/engine/statistics/latex.ts'
import { pairedT } from '../../../src/engine/statistics/paired-t.ts'
import { someMaps, type SomeMap } from '../figures/some-maps.ts'

/** A map with this percentage. */
const map = (value: number, change: Partial<SomeMap>): SomeMap => ({
  shares: [value, 0, 1 - value],
  ...change,
})

const compare = (maps: readonly SomeMap[], change: Partial<Parameters<typeof comparison>[0]> = {}) =>
  comparison({
    maps: someMaps(maps),
    metric: 'percentage',
    tau: 0.8,
    compare: 'methods',
    over: 'auto',
    source: 'all maps',
    rest: () => undefined,
    ...change,
  })

const VALUES = { sa: [0.5, 0.6, 0.4, 0.7], gb: [0.6, 0.65, 0.55, 0.8] }
const maps = Object.entries(VALUES).flatMap(([method, values]) =>
  values.map((value, index) => map(value, { method, sample: index + 1 })),
)

describe('a comparison', () => {
  it('pairs the means of each sequence, over the folds and maps that it has', async () => {
    const again = maps.map((each): SomeMap => ({ ...each, fold: 2, shares: [0, 0, 1] }))
    const { tables } = await compare([...maps, ...again])
    const [table] = tables
    expect(table).toMatchObject({ over: 'sequences', within: 'deep' })
    const wanted = pairedT(VALUES.sa.map((value, index) => (value - (VALUES.gb[index] ?? NaN)) / 2))
    expect(table?.pairs[0]).toMatchObject({ left: 'sa', right: 'gb', pairs: 4 })
    expect(table?.pairs[0]?.tP).toBeCloseTo(wanted?.p ?? NaN, 10)
  })

  it('is over folds where all have three', async () => {
    const folds = [1, 2, 3].flatMap((fold) => maps.map((each): SomeMap => ({ ...each, fold })))
    expect((await compare(folds)).tables[0]).toMatchObject({ over: 'folds', pairs: [{ pairs: 3 }] })
  })

  it('over one fold is undefined, and says so in each table', async () => {
    const statistics = await compare(maps, { over: 'folds' })
    expect(statistics.tables[0]?.anova).toBeNull()
    expect(statistics.tables[0]?.pairs[0]).toMatchObject({
      pairs: 1,
      t: null,
      tHolm: null,
      tukeyP: null,
      low: null,
    })
    expect(comparisonCsv(statistics)).toContain(',undefined,undefined,')
    expect(comparisonLatex(statistics)).toContain('undefined')
  })

  it('of one method says that there is nothing to compare, and of no maps that none match', async () => {
    expect(await compare([map(0.5, {})])).toMatchObject({ tables: [] })
    expect((await compare([map(0.5, {})])).notes.join()).toContain('one method only')
    expect(await compare([])).toMatchObject({ tables: [], notes: ['No maps match.'] })
  })

  it('corrects the p values of one table together', async () => {
    const three = [
      ...maps,
      ...[0.9, 0.8, 0.95, 0.9].map((value, index) => map(value, { method: 'dtd', sample: index + 1 })),
    ]
    const pairs = (await compare(three)).tables[0]?.pairs ?? []
    expect(pairs).toHaveLength(3)
    const smallest = pairs.toSorted((a, b) => (a.tP ?? 1) - (b.tP ?? 1))[0]
    expect(smallest?.tHolm).toBeCloseTo(3 * (smallest?.tP ?? NaN), 12)
  })

  it('compares architectures within a method by their names', async () => {
    const others = maps.map((each): SomeMap => ({ ...each, architecture: 'rlstm', shares: [0.3, 0.1, 0.6] }))
    const { tables } = await compare([...maps, ...others], { compare: 'architectures' })
    expect(tables.map(({ within }) => within)).toEqual(['sa', 'gb'])
    expect(tables[0]?.pairs[0]).toMatchObject({ left: 'Deep', right: 'R-LSTM' })
  })
})

describe('the tables', () => {
  it('have a row a pair in CSV and LaTeX', async () => {
    const statistics = await compare(maps)
    expect(comparisonCsv(statistics).trim().split('\n')).toHaveLength(2)
    const latex = comparisonLatex(statistics)
    expect(latex.match(/\\\\$/gm)).toHaveLength(2)
    expect(latex).toContain('sa & gb & 4 & ')
  })

  it('escape whatever a name holds', () => {
    expect(escapeLatex('sa_const & 50 % #1 {x} $y^2~\\z τ 0.8 − <1>')).toBe(
      'sa\\_const \\& 50 \\% \\#1 \\{x\\} \\$y\\textasciicircum{}2\\textasciitilde{}\\textbackslash{}z $\\tau$ 0.8 $-$ $<$1$>$',
    )
  })
})
