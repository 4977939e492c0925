import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { MapFilter } from '../../../src/shared/contract/common.ts'
import { Facets } from '../../../src/shared/contract/review.ts'
import { EXPLAINED, FAILURE_MODES, METRICS } from '../../../src/shared/names.ts'
import { seededGenerator } from '../../../src/shared/seeds.ts'
import { facetsOf } from '../../../src/engine/review/facets.ts'
import { matchingMapIds } from '../../../src/engine/review/filter.ts'
import { MapTable } from '../../../src/engine/review/map-table.ts'
import { fillWorkspace } from '../../../src/hosts/bench/generated-workspace.ts'
import { addOtherClassMaps } from '../support/class-maps.ts'
import { decision, makeWorkspace } from '../support/reviewed-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { matchingBySql, scoreBySql } from './filter-by-sql.ts'

const METHODS = ['sa', 'gi', 'dtd']
const { workspace, database, maps, review } = makeWorkspace(join(temporaryFolder(), 'filters.heatproof'), {
  samples: 24,
  rows: 4,
  columns: 12,
  methods: METHODS,
  architectures: [
    { architecture: 'deep' },
    { architecture: 'rlstm', fold: 2 },
    { architecture: 'rlstm', stationaryDropout: true },
  ],
})

beforeAll(async () => {
  fillWorkspace(workspace, {
    samples: 10,
    rows: 4,
    columns: 12,
    methods: METHODS,
    dataset: 'fashion-mnist-3-items-maj',
    seed: 5,
  })
  database.exec(`UPDATE maps SET target = (SELECT predicted FROM predictions
    WHERE predictions.model_id = maps.model_id AND predictions.sample_id = maps.sample_id), target_kind = 'predicted' WHERE method = 'gi'`)
  addOtherClassMaps(database, [2, 30, 31, 32, 100, 101, 150, 200])
  await reviewAtRandom(120, 'first')
  scoreBySql(database, 0.8)
})

async function reviewAtRandom(decisions: number, scope: string): Promise<void> {
  const generator = seededGenerator(1, 'reviews', scope)
  const mapIds = [...maps.current().mapIds]
  for (let index = 0; index < decisions; index += 1) {
    const reviewer = ['Ada', 'Bob', 'Çelik'][generator.uniformInt(0, 2)] ?? ''
    const verdict = (['accept', 'fail', 'unsure'] as const)[generator.uniformInt(0, 2)] ?? 'unsure'
    const mode = FAILURE_MODES[generator.uniformInt(0, 3)] ?? 'other'
    const other = FAILURE_MODES[generator.uniformInt(4, 8)] ?? 'other'
    const modes = verdict !== 'fail' ? [] : generator.float() < 0.5 ? [mode] : [mode, other]
    await review['review.decide'](
      decision(reviewer, [mapIds[generator.uniformInt(0, mapIds.length - 1)] ?? 0], verdict, modes),
    )
    if (generator.float() < 0.2) await review['review.undo']({ reviewer })
  }
}

const some = <Value>(...values: Value[]) => fc.option(fc.subarray(values), { nil: undefined })
const filters: fc.Arbitrary<MapFilter> = fc
  .record({
    dataset: some('mnist-3-digits-maj', 'fashion-mnist-3-items-maj', 'unknown'),
    sampleSet: some(1, 2),
    architecture: some('deep', 'rlstm', 'rlstm-SD'),
    model: some(1, 2, 3, 4, 999),
    method: some(...METHODS, 'gb'),
    fold: some(1, 2, 3),
    label: some(...Array.from({ length: 10 }, (_, label) => label)),
    correct: fc.option(fc.boolean(), { nil: undefined }),
    explained: some(...EXPLAINED),
    target: some(0, 1, 2, 3, 12),
    mapState: some<'ok' | 'warning'>('ok', 'warning'),
    verdict: some<'accept' | 'fail' | 'unsure' | 'none'>('accept', 'fail', 'unsure', 'none'),
    mode: some(...FAILURE_MODES),
    reviewer: some('Ada', 'Bob', 'Çelik', 'nobody'),
    ranges: fc.option(
      fc.array(
        fc.record({
          metric: fc.constantFrom(...METRICS),
          low: fc.double({ min: 0, max: 0.7, noNaN: true }),
          high: fc.double({ min: 0.5, max: 1, noNaN: true }),
        }),
        { maxLength: 2 },
      ),
      { nil: undefined },
    ),
    sample: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined, freq: 10 }),
  })
  .chain((all) =>
    fc
      .subarray(
        Object.entries(all).filter(([, value]) => value !== undefined),
        { maxLength: 4 },
      )
      .map((entries) => Object.fromEntries(entries) as MapFilter),
  )

describe('a filter', () => {
  test('lets the same maps through as SQL', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        expect(matchingMapIds(maps.current(), filter)).toEqual(matchingBySql(database, filter))
      }),
      { numRuns: 400, seed: 11 },
    )
  })

  test('without anything lets every map through', () => {
    expect(matchingMapIds(maps.current(), {})).toEqual(matchingBySql(database, {}))
  })
})

/** What choosing one value of a facet would give. */
function choose(filter: MapFilter, facet: string, value: string): MapFilter {
  if (facet === 'correct') return { ...filter, correct: value === 'true' }
  const isNumber = ['sampleSet', 'model', 'fold', 'label', 'target'].includes(facet)
  return { ...filter, [facet]: [isNumber ? Number(value) : value] }
}

describe('facets', () => {
  test('count for every value what choosing it alone would give', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        const facets = Facets.parse(facetsOf(maps.current(), filter, (_, value) => value))
        expect(facets.total).toBe(matchingBySql(database, filter).length)
        for (const [facet, counts] of Object.entries(facets.facets)) {
          for (const { value, count } of counts) {
            expect([facet, value, count]).toEqual([
              facet,
              value,
              matchingBySql(database, choose(filter, facet, value)).length,
            ])
          }
        }
      }),
      { numRuns: 30, seed: 12 },
    )
  })

  test('have histograms over the maps that all but their own range let through', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        const { histograms } = facetsOf(maps.current(), filter, (_, value) => value)
        for (const metric of METRICS) {
          const beside = {
            ...filter,
            ranges: filter.ranges?.filter((range) => range.metric !== metric) ?? [],
          }
          const ids = JSON.stringify(matchingBySql(database, beside))
          const values = database
            .prepare(
              'SELECT value FROM all_scores WHERE metric = ? AND value IS NOT NULL AND map_id IN (SELECT value FROM json_each(?))',
            )
            .pluck()
            .all(metric, ids) as number[]
          const histogram = histograms[metric]
          if (histogram === undefined) throw new Error(`no histogram of ${metric}`)
          const { low, high, counts } = histogram
          const expected = new Array<number>(20).fill(0)
          for (const value of values) {
            const bin = Math.max(0, Math.min(19, Math.floor(((value - low) / (high - low)) * 20)))
            expected[bin] = (expected[bin] ?? 0) + 1
          }
          expect(counts).toEqual(expected)
        }
      }),
      { numRuns: 10, seed: 13 },
    )
  })

  test('read for people', async () => {
    const { facets } = await review['review.facets']({ filter: {} })
    const labelsOf = (facet: string) => facets[facet]?.map(({ label }) => label)
    expect(labelsOf('architecture')).toEqual(['Deep', 'R-LSTM', 'R-LSTM-SD'])
    expect(labelsOf('verdict')).toEqual(['accept', 'fail', 'unsure', 'not reviewed'])
    expect(labelsOf('correct')).toEqual(['wrong prediction', 'right prediction'])
    expect(labelsOf('mode')?.[0]).toBe('Single-item dominance')
    expect(labelsOf('mode')?.at(-1)).toBe('Other')
    expect(labelsOf('explained')).toEqual(['the true label', 'another class', 'a wrong prediction'])
    expect(labelsOf('model')?.[0]).toBe('deep-mnist-3-digits-maj-seq-12-fold-1')
  })
})

describe('the table of maps', () => {
  test('follows new maps, verdicts and undos as a table that is read anew', async () => {
    maps.current()
    fillWorkspace(workspace, { samples: 30, rows: 4, columns: 12, methods: METHODS })
    await reviewAtRandom(40, 'second')
    const fresh = new MapTable(database).current()
    const followed = maps.current()
    expect(followed.count).toBe(fresh.count)
    expect(followed.values).toEqual(fresh.values)
    expect(followed.facts.model.codes).toEqual(fresh.facts.model.codes)
    const byName = (columns: typeof fresh) =>
      columns.reviewers
        .filter(({ verdicts }) => verdicts.some((code) => code !== 0))
        .toSorted((a, b) => (a.reviewer < b.reviewer ? -1 : 1))
        .map(({ reviewer, verdicts, modes }) => ({
          reviewer,
          verdicts,
          modes: modes.map((bits, row) => (verdicts[row] === 0 ? 0 : bits)),
        }))
    expect(byName(followed)).toEqual(byName(fresh))
  })

  test('is the same when it is read in parts while others write', async () => {
    fillWorkspace(workspace, { samples: 700, rows: 4, columns: 12, methods: METHODS, pixelScores: false })
    const reading = new MapTable(database)
    const early = reading.ready()
    await review['review.decide'](decision('Dora', [5], 'accept'))
    fillWorkspace(workspace, { samples: 710, rows: 4, columns: 12, methods: METHODS, pixelScores: false })
    const fresh = new MapTable(database)
    const { count } = fresh.current()
    await review['review.decide'](decision('Dora', [count], 'unsure'))
    expect((await early).count).toBeLessThan(count)
    const late = await reading.ready()
    expect(late.count).toBe(count)
    expect(late.values).toEqual(fresh.current().values)
    const doras = (columns: typeof late) => columns.reviewers.find(({ reviewer }) => reviewer === 'Dora')
    expect(doras(late)).toEqual(doras(fresh.current()))
  })
})
