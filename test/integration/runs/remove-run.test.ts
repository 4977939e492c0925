import { statSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, describe, expect, test } from 'vitest'
import type { Engine } from '../../../src/engine/api/engine.ts'
import { openEngine } from '../../../src/engine/engine.ts'
import { decide } from '../../../src/engine/review/decisions.ts'
import { MapTable } from '../../../src/engine/review/map-table.ts'
import { insertExport } from '../../../src/engine/workspace/exports.ts'
import { openWorkspace, type Workspace } from '../../../src/engine/workspace/open.ts'
import { fillWorkspace } from '../../../src/hosts/bench/generated-workspace.ts'
import { ExportRequest } from '../../../src/shared/contract/exports.ts'
import { QueueRequest } from '../../../src/shared/contract/queues.ts'
import { rejectionOf } from '../../support/errors.ts'
import { decision } from '../support/reviewed-workspace.ts'
import { startChild } from '../support/run-child.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const SIZE = { rows: 4, columns: 12, architectures: [{ architecture: 'deep' as const }] }
const engines: Engine[] = []
let made = 0

afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close()
})

/** A file with what `fill` stores in it. */
function fileWith(fill: (workspace: Workspace) => void): string {
  const file = join(folder, `removal-${(made += 1)}.heatproof`)
  const workspace = openWorkspace(file, { create: true })
  fill(workspace)
  workspace.close()
  return file
}

/** Run 1: sa and dtd of 6 samples, run 2: sa of the first 4 of them and gb, all made after run 1. */
const twoRuns = () =>
  fileWith((workspace) => {
    fillWorkspace(workspace, { ...SIZE, samples: 6, methods: ['sa', 'dtd'] })
    fillWorkspace(workspace, { ...SIZE, samples: 4, methods: ['sa', 'gb'] })
  })

function open(file: string, resume = true) {
  const engine = openEngine({ workspacePath: file, folders: [folder], resume })
  engines.push(engine)
  return engine
}

async function remove({ handlers, waitFor }: Engine, id: number) {
  return waitFor((await handlers['runs.remove']({ id })).jobId)
}

/** What a query gives in the file, of which nobody has hold any more. */
async function rowsIn(file: string, sql: string): Promise<unknown[]> {
  for (const engine of engines.splice(0)) await engine.close()
  const database = new Sqlite(file, { readonly: true })
  try {
    return database.prepare(sql).pluck().all()
  } finally {
    database.close()
  }
}

/** The error of a call that is refused. */
const refusalOf = (call: () => unknown) => rejectionOf(Promise.resolve().then(call))

const request = (change: Partial<QueueRequest> = {}): QueueRequest =>
  QueueRequest.parse({ filter: {}, order: 'sequence', size: 0, ...change })

describe('deleting a run', () => {
  test('takes its maps with values and scores, and leaves what another run needs', async () => {
    const file = twoRuns()
    const engine = open(file)
    const { handlers } = engine
    expect(await handlers['runs.removal']({ id: 1 })).toMatchObject({ maps: 8, needed: 4, refusal: null })
    expect(await remove(engine, 1)).toMatchObject({ kind: 'remove', status: 'done', done: 8, total: 8 })
    const runs = await handlers['runs.list']({})
    expect(runs.map(({ id, maps, mapsExpected }) => [id, maps, mapsExpected])).toEqual([[2, 8, 8]])
    expect((await refusalOf(() => handlers['runs.get']({ id: 1 }))).message).toContain(
      'run 1, which was deleted',
    )
    const { facets, total } = await handlers['review.facets']({ filter: {} })
    expect(total).toBe(8)
    expect(facets['method']?.map(({ value, count }) => [value, count])).toEqual([
      ['gb', 4],
      ['sa', 4],
    ])
    expect((await handlers['review.item']({ mapId: 1 })).run.id).toBe(1)
    const counts = await rowsIn(
      file,
      `SELECT count(*) FROM maps UNION ALL SELECT count(*) FROM map_values UNION ALL
       SELECT count(DISTINCT map_id) FROM scores UNION ALL SELECT count(*) FROM samples UNION ALL
       SELECT count(*) FROM predictions UNION ALL SELECT count(*) FROM models`,
    )
    expect(counts).toEqual([8, 8, 8, 6, 6, 1])
    expect(await rowsIn(file, 'SELECT count(*) FROM pragma_foreign_key_check')).toEqual([0])
  })

  test('in the other order takes the maps that the first run made for both', async () => {
    const file = twoRuns()
    const engine = open(file)
    await remove(engine, 1)
    await remove(engine, 2)
    expect(await rowsIn(file, 'SELECT count(*) FROM maps')).toEqual([0])
  })

  test('never gives the id of a deleted map or run to another', async () => {
    const file = twoRuns()
    const engine = open(file)
    await remove(engine, 2)
    await remove(engine, 1)
    expect(await rowsIn(file, 'SELECT count(*) FROM maps')).toEqual([0])
    const workspace = openWorkspace(file)
    const { runId } = fillWorkspace(workspace, { ...SIZE, samples: 2, methods: ['sa'] })
    workspace.close()
    expect(runId).toBe(3)
    expect(await rowsIn(file, 'SELECT id > 16 FROM maps')).toEqual([1, 1])
  })

  test('leaves the table in memory as if it were read anew, reviewers and all', () => {
    const workspace = openWorkspace(twoRuns())
    const table = new MapTable(workspace.database)
    const dropped = new Set([2, 3, 7, 14, 16])
    decide(workspace.database, decision('Ada', [1, 10], 'fail'))
    table.current()
    table.drop((mapId) => dropped.has(mapId))
    for (const name of ['map_values', 'scores']) {
      workspace.database.exec(`DELETE FROM ${name} WHERE map_id IN (2, 3, 7, 14, 16)`)
    }
    workspace.database.exec('DELETE FROM maps WHERE id IN (2, 3, 7, 14, 16)')
    const { lookUp: _, ...columns } = table.current()
    const { lookUp: _other, ...anew } = new MapTable(workspace.database).current()
    expect(columns).toEqual(anew)
    fillWorkspace(workspace, { ...SIZE, samples: 7, methods: ['sa'] })
    const { lookUp: _l, ...more } = table.current()
    const { lookUp: _o, ...moreAnew } = new MapTable(workspace.database).current()
    expect(more.count).toBe(anew.count + 3)
    expect(more).toEqual(moreAnew)
    workspace.close()
  })

  test('takes its maps out of queues, moves places and keeps how the others were drawn', async () => {
    const file = twoRuns()
    const engine = open(file)
    const { handlers } = engine
    const queue = await handlers['review.createQueue'](request({ order: 'random', seed: 3 }))
    const reviewer = 'Ada'
    const page = { queueId: queue.id, reviewer, offset: 0, limit: 100 }
    const before = await handlers['review.items'](page)
    await handlers['review.setPlace']({ reviewer, queueId: queue.id, position: 9 })
    await remove(engine, 2)
    const after = await handlers['review.items'](page)
    const staying = before.filter(({ method }) => method !== 'gb')
    expect(after.map(({ mapId }) => mapId)).toEqual(staying.map(({ mapId }) => mapId))
    expect(after.map(({ position }) => position)).toEqual(staying.map((_, index) => index))
    expect((await handlers['review.queue']({ id: queue.id })).length).toBe(staying.length)
    const place = await handlers['review.place']({ reviewer, queueId: queue.id })
    expect(place?.position).toBe(staying.filter(({ position }) => position < 9).length)
    const last = after.at(-1)?.mapId ?? 0
    const [row] = await handlers['review.decide']({
      ...decision(reviewer, [last], 'accept'),
      queueId: queue.id,
    })
    expect(row).toMatchObject({ position: after.length - 1, probability: 1, drawnAtRandom: true })
  })

  test('makes the file smaller, and in a file of an earlier version its space is used again', async () => {
    const fill = (workspace: Workspace) =>
      fillWorkspace(workspace, { samples: 200, methods: ['sa'], pixelScores: false })
    const file = fileWith(fill)
    const before = statSync(file).size
    const engine = open(file)
    expect(await engine.handlers['runs.removal']({ id: 1 })).toMatchObject({ shrinks: true })
    await remove(engine, 1)
    await engine.close()
    expect(before - statSync(file).size).toBeGreaterThan(200 * 2 * 28 * 84 * 4)

    const old = join(folder, 'old.heatproof')
    const converted = new Sqlite(fileWith(fill))
    converted.pragma('auto_vacuum = NONE')
    converted.exec(`VACUUM INTO '${old}'`)
    converted.close()
    const oldSize = statSync(old).size
    const other = open(old)
    expect(await other.handlers['runs.removal']({ id: 1 })).toMatchObject({ shrinks: false })
    await remove(other, 1)
    for (const each of engines.splice(0)) await each.close()
    expect(statSync(old).size).toBe(oldSize)
    const workspace = openWorkspace(old)
    fill(workspace)
    workspace.close()
    expect(statSync(old).size).toBeLessThan(oldSize * 1.05)
  })
})

describe('a run is not deleted', () => {
  test('when one of its maps has a verdict, also one that was taken back, and nothing changes', async () => {
    const engine = open(twoRuns())
    const { handlers } = engine
    const [map = 0, other = 0] = (
      await handlers['review.items']({
        ...{ queueId: (await handlers['review.createQueue'](request({ filter: { method: ['dtd'] } }))).id },
        ...{ reviewer: 'Ada', offset: 0, limit: 2 },
      })
    ).map(({ mapId }) => mapId)
    await handlers['review.decide'](decision('Ada', [map], 'accept'))
    await handlers['review.decide'](decision('Bob', [map, other], 'fail'))
    await handlers['review.undo']({ reviewer: 'Bob' })
    const before = await handlers['workspace.summary']({})
    const refusal = await refusalOf(() => handlers['runs.remove']({ id: 1 }))
    expect(refusal).toMatchObject({
      code: 'conflict',
      found: 'run 1: 2 of its 8 maps carry verdicts of Ada, Bob',
    })
    expect((await handlers['runs.removal']({ id: 1 })).refusal?.found).toBe(refusal.found)
    expect(await handlers['workspace.summary']({})).toEqual(before)
  })

  test('when the verdicts are on maps that stay for another run, it is', async () => {
    const engine = open(twoRuns())
    await engine.handlers['review.decide'](decision('Ada', [1], 'accept'))
    expect(await remove(engine, 1)).toMatchObject({ status: 'done', total: 8 })
    expect((await engine.handlers['review.item']({ mapId: 1 })).history).toHaveLength(1)
  })

  test('when an export of any maps may hold some of them', async () => {
    const file = twoRuns()
    const workspace = openWorkspace(file)
    const record = {
      ...{ path: '/tmp/set', format: 'folder' as const, maps: 6, verdicts: 0, bytes: 1 },
      ...{ manifestSha256: 'a'.repeat(64), createdBy: 'Ada' },
    }
    const exported = ExportRequest.parse({
      ...{ filter: { method: ['dtd'], verdict: ['none'] }, include: 'any', folder: '/tmp', name: 'set' },
      createdBy: 'Ada',
    })
    insertExport(workspace.database, { ...record, request: { ...exported, include: 'consensus' } })
    insertExport(workspace.database, { ...record, request: exported })
    workspace.close()
    const engine = open(file)
    expect(await refusalOf(() => engine.handlers['runs.remove']({ id: 1 }))).toMatchObject({
      code: 'conflict',
      found: 'run 1: 6 of its 8 maps may be in an export',
    })
    expect(await remove(engine, 2)).toMatchObject({ status: 'done' })
  })

  test('while its job is not done, or when there is no such run', async () => {
    const file = twoRuns()
    const workspace = openWorkspace(file)
    workspace.database.exec(`
      INSERT INTO jobs (kind, title, request_json, status, unit, created_at) VALUES ('explain', '', '{}', 'running', '', '2026-01-01T00:00:00Z');
      UPDATE runs SET job_id = 1 WHERE id = 2`)
    workspace.close()
    const engine = open(file, false)
    const { handlers } = engine
    expect((await refusalOf(() => handlers['runs.remove']({ id: 2 }))).found).toBe('run 2, which is running')
    expect((await refusalOf(() => handlers['runs.remove']({ id: 9 }))).found).toBe('no run 9')
    await remove(engine, 1)
    expect((await refusalOf(() => handlers['runs.remove']({ id: 1 }))).found).toBe('run 1, which was deleted')
  })
})

describe('while a run is deleted', () => {
  const LARGE = { ...SIZE, samples: 1500, methods: ['sa', 'dtd'], pixelScores: false }

  test('a map that gets a verdict stays with it, and comes back to the filters', async () => {
    const engine = open(fileWith((workspace) => fillWorkspace(workspace, LARGE)))
    const { handlers } = engine
    const { jobId } = await handlers['runs.remove']({ id: 1 })
    const decided = 3000
    await handlers['review.decide'](decision('Ada', [decided], 'accept'))
    expect(await engine.waitFor(jobId)).toMatchObject({ status: 'done' })
    const { facets, total } = await handlers['review.facets']({ filter: {} })
    expect(total).toBe(1)
    expect(facets['reviewer']).toMatchObject([{ value: 'Ada', count: 1 }])
    expect((await handlers['review.item']({ mapId: decided })).history).toHaveLength(1)
  })

  test('a kill leaves a rest that is whole, and that is deleted after the next start', async () => {
    const file = fileWith((workspace) => fillWorkspace(workspace, LARGE))
    const child = startChild(`
      import { openEngine } from './src/engine/engine.ts'
      const engine = openEngine({ workspacePath: ${JSON.stringify(file)}, folders: [] })
      engine.subscribe((event) => {
        if (event.type === 'job' && event.job.done > 0) console.log('under way')
      })
      await engine.handlers['runs.remove']({ id: 1 })
    `)
    expect(await child.nextLine()).toBe('under way')
    await child.kill()
    const [maps = 0, values, scores] = await rowsIn(
      file,
      `SELECT count(*) FROM maps UNION ALL SELECT count(*) FROM map_values UNION ALL
       SELECT count(DISTINCT map_id) FROM scores`,
    )
    expect(maps).toBeGreaterThan(0)
    expect(maps).toBeLessThan(3000)
    expect([values, scores]).toEqual([maps, maps])
    const engine = open(file, false)
    expect(await engine.handlers['runs.list']({})).toEqual([])
    expect(await remove(engine, 1)).toMatchObject({ status: 'done' })
    await engine.close()
    const again = open(file)
    const [first] = await again.handlers['jobs.list']({ limit: 10 })
    expect(first?.status).toBe('done')
    expect(await rowsIn(file, 'SELECT count(*) FROM maps')).toEqual([0])
  })
})
