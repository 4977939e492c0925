import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { QueueRequest, SavedFilter } from '../../../src/shared/contract/queues.ts'
import { HeatproofError } from '../../../src/shared/errors.ts'
import { matchingMapIds } from '../../../src/engine/review/filter.ts'
import { fillWorkspace } from '../../../src/hosts/bench/generated-workspace.ts'
import { decision, makeWorkspace } from '../support/reviewed-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const { workspace, database, maps, review, events } = makeWorkspace(
  join(temporaryFolder(), 'search.heatproof'),
  { samples: 20, rows: 4, columns: 12, methods: ['sa', 'gi'] },
)

beforeAll(async () => {
  fillWorkspace(workspace, {
    ...{ samples: 20, rows: 4, columns: 12, methods: ['sa'], seed: 5 },
    dataset: 'fashion-mnist-3-items-maj',
  })
  const say = (mapId: number, note: string, reviewer = 'Ada') =>
    review['review.decide']({ ...decision(reviewer, [mapId], 'unsure'), note })
  await say(1, 'A smear over the seven, “left” item')
  await say(2, 'Größe stimmt nicht')
  await say(3, 'smear')
  await say(3, 'no longer')
  await say(4, 'smears everywhere', 'Bob')
  await say(5, 'smear')
  await review['review.undo']({ reviewer: 'Ada' })
})

const found = (search: string) => matchingMapIds(maps.current(), { search })
/** Ids by the labels of their samples, by SQL. */
const withLabel = (dataset: string, label: number): number[] =>
  database
    .prepare(
      `SELECT maps.id FROM maps JOIN samples ON samples.id = maps.sample_id
       JOIN sample_sets ON sample_sets.id = samples.sample_set_id
       WHERE sample_sets.dataset LIKE ? AND label = ? ORDER BY maps.id`,
    )
    .pluck()
    .all(dataset, label) as number[]

describe('searching maps', () => {
  test.each([
    ['the beginning of a word in a note that counts', 'smea', [1, 4]],
    ['another case', 'SMEAR', [1, 4]],
    ['a letter without its accent', 'grosse', []],
    ['umlauts with and without dots', 'große', [2]],
    ['several words of one note', 'item smear', [1]],
    ['words of which one is nowhere', 'smear nowhere', []],
    ['a note that a later verdict replaced', 'longer', [3]],
    ['the id of a map', '#17', [17]],
    ['an id that no map has', '#999999', []],
    ['an id and a word', '#4 smears', [4]],
    ['quotes and operators, as plain text', 'smear" OR "nicht', []],
    ['a lone star', '*', []],
  ])('%s', (_, search, expected) => {
    expect(found(search)).toEqual(expected)
  })

  test('finds classes by their number and by a word of their name', () => {
    expect(found('8')).toEqual([...withLabel('%', 8)])
    expect(found('8').length).toBeGreaterThan(0)
    expect(found('ankle')).toEqual(withLabel('fashion%', 9))
    expect(found('Boot').length).toBeGreaterThan(0)
    expect(found('ank')).toEqual([])
  })

  test('finds the maps of a sequence', () => {
    const rows = database.prepare('SELECT id, provenance_json FROM samples').all() as {
      id: number
      provenance_json: string
    }[]
    const sequenceOf = ({ provenance_json: json }: { provenance_json: string }) =>
      (JSON.parse(json) as { sequence: number }).sequence
    const sequence = sequenceOf(rows[3] ?? { provenance_json: '{"sequence":-1}' })
    const samples = rows.filter((row) => sequenceOf(row) === sequence).map(({ id }) => id)
    const ids = database.prepare('SELECT id FROM maps WHERE sample_id = ? ORDER BY id').pluck()
    expect(found(`sequence:${sequence}`)).toEqual(
      samples.flatMap((id) => ids.all(id) as number[]).sort((a, b) => a - b),
    )
  })

  test('goes with the other filters, facets and queues', async () => {
    const filter = { search: 'smear', method: ['sa'] }
    const expected = found('smear').filter((id) =>
      matchingMapIds(maps.current(), { method: ['sa'] }).includes(id),
    )
    const facets = await review['review.facets']({ filter })
    expect(facets.total).toBe(expected.length)
    const methods = Object.fromEntries(
      (facets.facets['method'] ?? []).map(({ value, count }) => [value, count]),
    )
    expect((methods['sa'] ?? 0) + (methods['gi'] ?? 0)).toBe(2)
    const queue = await review['review.createQueue'](
      QueueRequest.parse({ filter, order: 'sequence', size: 0, randomShare: 0 }),
    )
    const items = await review['review.items']({ queueId: queue.id, reviewer: 'Ada', offset: 0, limit: 9 })
    expect(items.map(({ mapId }) => mapId).sort()).toEqual(expected)
  })
})

describe('saved filters', () => {
  const request = QueueRequest.parse({
    ...{ filter: { search: 'smear' }, order: 'methods_disagree', size: 50, reviewer: 'Ada' },
  })

  test('are kept under a name, without whoever saved them, and removed again', async () => {
    await review['review.saveFilter']({ name: 'smears', request })
    await review['review.saveFilter']({ name: 'Änderung', request: { ...request, size: 10 } })
    const replaced = await review['review.saveFilter']({ name: 'smears', request: { ...request, size: 20 } })
    expect(replaced.map((filter) => SavedFilter.parse(filter).name)).toEqual(['smears', 'Änderung'])
    expect(replaced[0]?.request).toEqual({ ...request, size: 20, reviewer: null })
    expect(await review['review.filters']({})).toEqual(replaced)
    expect(await review['review.removeFilter']({ name: 'smears' })).toHaveLength(1)
    expect(events.filter((what) => what === 'filters')).toHaveLength(4)
    expect(() => review['review.removeFilter']({ name: 'smears' })).toThrow(HeatproofError)
  })
})
