import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { Figure, FigureRequest, type FigurePanel } from '../../../src/shared/contract/figures.ts'
import { figureHandlers } from '../../../src/engine/api/figures.ts'
import { figureCsv } from '../../../src/engine/figures/figure-table.ts'
import { randomMap } from '../../../src/engine/metrics/random-map.ts'
import { activateCalibration } from '../../../src/engine/review/activation.ts'
import { float64FromBlob } from '../../../src/engine/workspace/blobs.ts'
import { insertCalibration } from '../../../src/engine/workspace/calibrations.ts'
import { fillWorkspace } from '../../../src/hosts/bench/generated-workspace.ts'
import { addOtherClassMaps } from '../support/class-maps.ts'
import { decision, makeWorkspace } from '../support/reviewed-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { someFit } from './some-fit.ts'

const SIZE = { rows: 6, columns: 12 }
const { workspace, database, maps, review } = makeWorkspace(join(temporaryFolder(), 'figures.heatproof'), {
  samples: 20,
  ...SIZE,
  methods: ['lrp_a1.5b0.5', 'sa', 'random'],
  architectures: [
    { architecture: 'rlstm', stationaryDropout: true },
    { architecture: 'rlstm' },
    { architecture: 'deep', fold: 1 },
    { architecture: 'deep', fold: 2 },
    { architecture: 'deep', fold: 3 },
  ],
})
const figures = figureHandlers({ database, maps })
const draw = async (change: Partial<FigureRequest> = {}) =>
  Figure.parse(await figures['figures.draw'](FigureRequest.parse({ name: 'metrics', ...change })))

beforeAll(() => {
  fillWorkspace(workspace, {
    samples: 8,
    ...SIZE,
    methods: ['sa', 'dtd'],
    dataset: 'fashion-mnist-3-items-maj',
    seed: 3,
  })
})

interface Row {
  mapId: number
  sampleId: number
  fold: number
  shares: Uint8Array
  marks: string
}

/** Capped percentages of one line's point, by SQL and a loop of its own. */
function valuesOf(
  where: string,
  tau: number,
): { value: number; fold: number; sampleId: number; mapId: number }[] {
  const rows = database
    .prepare(
      `SELECT maps.id AS mapId, maps.sample_id AS sampleId, fold, shares,
         (SELECT json_group_array(mark ORDER BY position) FROM regions WHERE sample_id = maps.sample_id) AS marks
       FROM maps JOIN models ON models.id = model_id WHERE ${where}`,
    )
    .all() as Row[]
  return rows.map(({ shares, marks, ...row }) => {
    const parts = float64FromBlob(shares)
    const value = (JSON.parse(marks) as number[]).reduce(
      (sum, mark, item) => sum + (mark === 1 ? Math.min(parts[item] ?? 0, tau) : 0),
      0,
    )
    return { value, ...row }
  })
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** Mean and half width of the 95 % interval from equally large groups, by the textbook. */
function interval(groups: readonly number[], t: number): { mean: number; reach: number } {
  const mean = meanOf(groups)
  const variance = groups.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (groups.length - 1)
  return { mean, reach: t * Math.sqrt(variance / groups.length) }
}

const T_2 = 4.30265273
const T_19 = 2.09302405

const baselineOf = (panel: FigurePanel | undefined, name: string) =>
  panel?.baselines.find((line) => line.name === name)?.value

describe('the figure of a metric by method', () => {
  test('has a panel a data set, a line an architecture, and the methods in their usual order', async () => {
    const plot = await draw()
    expect(plot.panels.map(({ dataset }) => dataset)).toEqual([
      'fashion-mnist-3-items-maj',
      'mnist-3-digits-maj',
    ])
    const [fashion, mnist] = plot.panels
    expect(mnist?.title).toBe('MNIST, majority of 3 digits')
    expect(mnist?.categories).toEqual(['sa', 'lrp_a1.5b0.5', 'random'])
    expect(mnist?.series.map(({ label, over }) => [label, over])).toEqual([
      ['Deep', 'folds'],
      ['R-LSTM', 'sequences'],
      ['R-LSTM-SD', 'sequences'],
    ])
    expect(fashion?.categories).toEqual(['sa', 'dtd'])
    expect(fashion?.series.map(({ points }) => points.map(({ count }) => count))).toEqual([
      [8, 8],
      [8, 8],
    ])
  })

  test('has intervals over folds where there are some', async () => {
    const point = (await draw()).panels[1]?.series[0]?.points[0]
    const values = valuesOf("architecture = 'deep' AND method = 'sa' AND dataset LIKE 'mnist%'", 0.8)
    const folds = [1, 2, 3].map((fold) =>
      meanOf(values.filter((row) => row.fold === fold).map(({ value }) => value)),
    )
    const { mean, reach } = interval(folds, T_2)
    expect(point?.count).toBe(60)
    expect(point?.mean).toBeCloseTo(mean, 10)
    expect(point?.low).toBeCloseTo(mean - reach, 7)
    expect(point?.high).toBeCloseTo(mean + reach, 7)
  })

  test('has intervals over sequences else', async () => {
    const point = (await draw()).panels[1]?.series[1]?.points[1]
    const values = valuesOf(
      "architecture = 'rlstm' AND stationary_dropout = 0 AND method = 'lrp_a1.5b0.5' AND dataset LIKE 'mnist%'",
      0.8,
    ).map(({ value }) => value)
    const { mean, reach } = interval(values, T_19)
    expect(point?.mean).toBeCloseTo(mean, 10)
    expect(point?.low).toBeCloseTo(mean - reach, 7)
    expect(point?.outOfRange).toBe(values.filter((value) => value < 0 || value > 1).length)
  })

  test('has the uniform and the random map over the same samples', async () => {
    const plot = await draw({ metric: 'percentage', filter: { label: [0, 1, 2, 3, 4] } })
    const panel = plot.panels.find(({ dataset }) => dataset.startsWith('mnist'))
    expect(baselineOf(panel, 'uniform')).toBeCloseTo(2 / 3, 12)
    const samples = database
      .prepare(
        `SELECT position, (SELECT json_group_array(mark ORDER BY regions.position) FROM regions WHERE sample_id = samples.id) AS marks
         FROM samples WHERE sample_set_id = 1 AND label < 5`,
      )
      .all() as { position: number; marks: string }[]
    const expected = samples.map(({ position, marks }) => {
      const map = randomMap(SIZE.rows * SIZE.columns, 0, position)
      const parsed = JSON.parse(marks) as number[]
      let [marked, total] = [0, 0]
      map.forEach((relevance, pixel) => {
        total += relevance
        if (parsed[Math.floor((pixel % SIZE.columns) / 4)] === 1) marked += relevance
      })
      return marked / total
    })
    expect(baselineOf(panel, 'random')).toBeCloseTo(meanOf(expected), 10)
  })

  test('takes the active cap, the default or any other', async () => {
    const id = insertCalibration(database, someFit({ tau: 0.55 }), 'Ada')
    activateCalibration(database, id, 'Ada')
    const where =
      "architecture = 'rlstm' AND stationary_dropout = 1 AND method = 'sa' AND dataset LIKE 'mnist%'"
    for (const [wanted, tau, source] of [
      ['active', 0.55, 'τ of calibration 1'],
      ['default', 0.8, 'default τ'],
      [0.7, 0.7, 'chosen τ'],
    ] as const) {
      const plot = await draw({ tau: wanted })
      expect(plot.tau).toBe(tau)
      expect(plot.caption).toContain(`τ ${tau.toFixed(2)} by method`)
      expect(plot.caption).toContain(`(${source}; all maps)`)
      const expected = meanOf(valuesOf(where, tau).map(({ value }) => value))
      expect(plot.panels[1]?.series[2]?.points[0]?.mean).toBeCloseTo(expected, 12)
    }
    activateCalibration(database, null, 'Ada')
  })

  test('shows accepted maps alone on request', async () => {
    await review['review.decide'](decision('Ada', [1, 2, 3], 'accept'))
    await review['review.decide'](decision('Bob', [2], 'fail'))
    await review['review.decide'](decision('Ada', [4], 'unsure'))
    const plot = await draw({ auditedOnly: true })
    const counts = plot.panels.flatMap(({ series }) =>
      series.flatMap(({ points }) => points.map(({ count }) => count)),
    )
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2)
    expect(plot.caption).toContain('accepted maps only')
  })

  test('leaves maps of another class out, and says how many', async () => {
    const before = await draw()
    const added = addOtherClassMaps(database, [1, 2, 3, 60, 61])
    await review['review.decide'](decision('Ada', added.slice(0, 2), 'accept'))
    const { caption, ...plot } = await draw()
    expect({ ...plot, caption: before.caption }).toEqual(before)
    const left = 'of a class that is neither the label nor the prediction.'
    expect(caption).toBe(`${before.caption} Left out: 5 maps ${left}`)
    expect((await draw({ auditedOnly: true })).caption).toMatch(`Left out: 2 maps ${left}`)
    expect(await draw({ filter: { explained: ['other'] } })).toMatchObject({
      panels: [],
      caption: `No maps match. Left out: 5 maps ${left}`,
    })
  })

  test('of nothing says so', async () => {
    expect(await draw({ filter: { method: ['gi'] } })).toMatchObject({
      panels: [],
      caption: 'No maps match.',
    })
  })
})

describe('the table behind the figure', () => {
  test('has a row a point with the same numbers', async () => {
    const plot = await draw({ filter: { dataset: ['mnist-3-digits-maj'] } })
    const [header, ...rows] = figureCsv(plot).trim().split('\n')
    expect(header).toBe(
      'figure,dataset,quantity,tau,source,architecture,category,mean,low,high,interval_over,count,out_of_range,undefined,no_relevance,uniform_mean,random_mean',
    )
    expect(rows).toHaveLength(9)
    const point = plot.panels[0]?.series[0]?.points[0]
    const cells = rows[0]?.split(',') ?? []
    expect(cells.slice(0, 7)).toEqual([
      ...['metrics', 'mnist-3-digits-maj', 'capped_percentage', '0.8', 'metric', 'deep', 'sa'],
    ])
    expect(cells.slice(7, 10).map(Number)).toEqual([point?.mean, point?.low, point?.high])
  })
})

describe('a figure whose metric is its own', () => {
  test('refuses another one rather than draw it', async () => {
    await expect(draw({ name: 'cosine', metric: 'gini' })).rejects.toThrow('which has its own')
  })
})
