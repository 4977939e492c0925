import { cpSync, readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterAll, describe, expect, test } from 'vitest'
import { openEngine } from '../../../src/engine/engine.ts'
import { listFolder } from '../../../src/engine/exchange/manifest.ts'
import { readNpyFile } from '../../../src/engine/exchange/npy.ts'
import { decide } from '../../../src/engine/review/decisions.ts'
import { verifyAuditLog } from '../../../src/engine/workspace/audit-log.ts'
import { ensureMapAnalyses } from '../../../src/engine/workspace/map-analyses.ts'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import { fillWorkspace } from '../../../src/hosts/bench/generated-workspace.ts'
import type { ImportOptions } from '../../../src/shared/contract/imports.ts'
import type { ExportRequest } from '../../../src/shared/contract/exports.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { requestFor } from '../exports/audited-workspace.ts'
import { arrayFiles, COLUMNS, COUNT, float32, int32, ROWS, values, writeFolder } from './array-fixture.ts'
import { reviewedWorkspace } from './reviewed-workspace.ts'

const root = temporaryFolder()
let numbers = 0
const fresh = () => join(root, `${(numbers += 1)}`)
const source = join(root, 'source.heatproof')
reviewedWorkspace(source)

function engineOn(path: string) {
  const engine = openEngine({ workspacePath: path, create: true, folders: [root], workers: 1 })
  afterAll(() => engine.close().catch(() => undefined))
  return {
    engine,
    async export(request: Partial<ExportRequest>) {
      const folder = fresh()
      await mkdir(folder)
      engine.allowFolder(folder)
      const { jobId } = await engine.handlers['exports.start'](
        requestFor(folder, { images: false, ...request }),
      )
      const job = await engine.waitFor(jobId)
      if (job.status !== 'done') throw new Error(job.error ?? job.status)
      return join(folder, request.format === 'zip' ? 'set.zip' : 'set')
    },
    async import(path: string, options: ImportOptions = {}) {
      const { jobId } = await engine.handlers['imports.start']({ path, options, createdBy: 'Cleo' })
      return engine.waitFor(jobId)
    },
    inspect: (path: string) => engine.handlers['imports.inspect']({ path, options: {} }),
  }
}

const all = engineOn(source)
const sets = {
  folder: await all.export({}),
  zip: await all.export({ format: 'zip' }),
  decided: await all.export({ include: 'consensus' }),
  reviewed: await all.export({ reviewers: ['Ada', '@sum'], rule: 'any', include: 'failed', calibration: 2 }),
  filtered: await all.export({ filter: { method: ['sa', 'dtd'], model: [1] } }),
}
await all.engine.close()

/** What an empty workspace is after an import. */
async function imported(set: string, options: ImportOptions = {}) {
  const path = `${fresh()}.heatproof`
  const there = engineOn(path)
  expect(await there.import(set, options)).toMatchObject({ status: 'done', error: null })
  return { path, ...there }
}

function rowsOf(path: string, sql: string): unknown[] {
  const database = new Sqlite(path, { readonly: true })
  try {
    return database.prepare(sql).all()
  } finally {
    database.close()
  }
}

describe('an audited set that comes back', () => {
  test.each([
    ['of everything', 'folder', {}],
    ['of decided maps', 'decided', { include: 'consensus' }],
    [
      'of some reviewers, rule and calibration',
      'reviewed',
      { reviewers: ['Ada', '@sum'], rule: 'any', include: 'failed', calibration: 2 },
    ],
    ['of some models and methods', 'filtered', { filter: { method: ['sa', 'dtd'], model: [1] } }],
  ] as const)(
    'into an empty workspace and leaves it again is the same bytes: %s',
    async (_, name, request) => {
      const there = await imported(sets[name])
      const again = await there.export(structuredClone(request) as Partial<ExportRequest>)
      expect(await listFolder(again)).toEqual(await listFolder(sets[name]))
    },
  )

  test('is the same bytes as a zip', async () => {
    const there = await imported(sets.zip)
    expect(readFileSync(await there.export({ format: 'zip' }))).toEqual(readFileSync(sets.zip))
  })

  test('is the same bytes for inputs in colour with regions of any shape that were themselves imported', async () => {
    const mask = Array.from({ length: COUNT * ROWS * COLUMNS }, (_, pixel) => (pixel * 7) % 3)
    const { 'regions.json': _, ...files } = arrayFiles()
    const arrays = writeFolder(fresh(), {
      ...files,
      'inputs.npy': float32([COUNT, ROWS, COLUMNS, 3], values(COUNT * ROWS * COLUMNS * 3)),
      'regions.npy': int32([COUNT, ROWS, COLUMNS], mask),
      'classes.txt': 'кот\nchien\nøvrig',
    })
    const first = await imported(arrays, { inputLayout: 'nhwc' })
    const set = await first.export({ images: true })
    const inputs = await readNpyFile(join(set, 'inputs.npy'))
    expect(inputs.shape).toEqual([COUNT, ROWS, COLUMNS, 3])
    const there = await imported(set)
    expect(await listFolder(await there.export({ images: true }))).toEqual(await listFolder(set))
    const records = await there.engine.handlers['imports.list']({})
    expect(records.map(({ format, source: name }) => [format, name])).toEqual([
      ['audited-set', 'set'],
      ['arrays', basename(arrays)],
    ])
  })

  test('can be cancelled while it is read, and leaves nothing', async () => {
    const path = `${fresh()}.heatproof`
    const { engine } = engineOn(path)
    const stop = engine.subscribe((event) => {
      if (event.type === 'job' && event.job.status === 'running')
        void engine.handlers['jobs.cancel']({ id: event.job.id })
    })
    const { jobId } = await engine.handlers['imports.start']({
      path: sets.folder,
      options: {},
      createdBy: 'Cleo',
    })
    expect(await engine.waitFor(jobId)).toMatchObject({ status: 'cancelled' })
    stop()
    await engine.close()
    for (const table of ['sample_sets', 'models', 'maps', 'verdicts', 'imports']) {
      expect(rowsOf(path, `SELECT * FROM ${table}`)).toEqual([])
    }
  })

  test('keeps ids, times, reviewers, queues, groups and calibrations, under an audit log of its own', async () => {
    const there = await imported(sets.folder)
    const [record] = await there.engine.handlers['imports.list']({})
    expect(record).toMatchObject({
      ...{ format: 'audited-set', source: 'set', createdBy: 'Cleo', runId: null, tool: 'heatproof 0.1.0' },
      counts: { samples: 6, models: 2, maps: 48, verdicts: 9, calibrations: 2 },
    })
    await there.engine.close()
    for (const table of [
      ...['verdicts', 'decisions', 'verdict_groups', 'calibrations', 'activations', 'latest_verdicts'],
      ...['samples', 'regions', 'models', 'maps', 'map_values', 'scores', 'predictions'],
      ...['map_analyses', 'map_analysis_rows'],
    ]) {
      expect(rowsOf(there.path, `SELECT * FROM ${table}`)).toEqual(rowsOf(source, `SELECT * FROM ${table}`))
    }
    const workspace = openWorkspace(there.path)
    expect(verifyAuditLog(workspace.database).faults).toEqual([])
    workspace.close()
  })

  test('never gives away an id that its records speak of', async () => {
    const there = await imported(sets.filtered)
    await there.engine.close()
    const workspace = openWorkspace(there.path)
    const [verdict] = decide(workspace.database, {
      ...{ requestId: null, mapIds: [1], reviewer: 'Ada', verdict: 'accept', modes: [], note: '', box: null },
      ...{ queueId: null, blind: false },
    })
    expect(verdict?.id).toBeGreaterThan(3)
    const { modelIds } = fillWorkspace(workspace, { samples: 1, methods: ['gi'] })
    expect(modelIds).toHaveLength(2)
    workspace.close()
    const ids = rowsOf(there.path, "SELECT id FROM maps WHERE method = 'gi'") as { id: number }[]
    expect(Math.min(...ids.map(({ id }) => id))).toBeGreaterThan(40)
  })
})

describe('an audited set in a workspace that has content', () => {
  test('adds nothing where all of it is there', async () => {
    const copy = `${fresh()}.heatproof`
    cpSync(source, copy)
    const there = engineOn(copy)
    const { facts, conflicts, warnings } = await there.inspect(sets.folder)
    expect([conflicts, warnings]).toEqual([[], []])
    expect(facts).toContainEqual({ name: 'maps', value: '48, of which 0 are new' })
    expect(await there.import(sets.folder)).toMatchObject({ status: 'done' })
    await there.engine.close()
    for (const table of [
      ...['verdicts', 'maps', 'runs', 'samples', 'models', 'queues', 'activations'],
      ...['map_analyses', 'map_analysis_rows'],
    ]) {
      expect(rowsOf(copy, `SELECT * FROM ${table}`)).toEqual(rowsOf(source, `SELECT * FROM ${table}`))
    }
  })

  test('brings what is new beside it, with ids of its own', async () => {
    const path = `${fresh()}.heatproof`
    const workspace = openWorkspace(path, { create: true })
    fillWorkspace(workspace, { samples: 4, methods: ['gi'], seed: 3 })
    ensureMapAnalyses(workspace.database, 1, [
      { kind: 'clustering', name: 'Spectral · kmeans-3', dimensions: 1 },
    ])
    workspace.close()
    const there = engineOn(path)
    const { facts, warnings } = await there.inspect(sets.folder)
    expect(facts).toContainEqual({ name: 'maps', value: '48' })
    expect(facts).toContainEqual({ name: 'verdicts', value: '9' })
    expect(warnings).toEqual([expect.stringContaining('2 calibrations of the set stay out')])
    expect(await there.engine.handlers['imports.list']({})).toEqual([])
    expect(await there.import(sets.folder)).toMatchObject({ status: 'done' })
    await there.engine.close()
    const said = `SELECT method, samples.position AS place, target, maps.seed, models.sha256, reviewer, verdict, note,
        verdicts.created_at, looked_at_json IS NULL AS alone, map_analyses.name AS analysis
      FROM verdicts JOIN maps ON maps.id = map_id JOIN samples ON samples.id = sample_id JOIN models ON models.id = model_id
      LEFT JOIN verdict_groups ON verdict_groups.id = group_id LEFT JOIN map_analyses ON map_analyses.id = analysis_id
      ORDER BY verdicts.id`
    expect(rowsOf(path, said)).toEqual(rowsOf(source, said))
    const analysed = `SELECT map_analyses.name, models.sha256, method, position, cluster, place FROM map_analysis_rows
      JOIN map_analyses ON map_analyses.id = analysis_id JOIN maps ON maps.id = map_id
      JOIN samples ON samples.id = sample_id JOIN models ON models.id = model_id ORDER BY map_analyses.name, maps.id`
    expect(rowsOf(path, analysed)).toEqual(rowsOf(source, analysed))
    expect(rowsOf(path, 'SELECT * FROM map_analysis_rows WHERE analysis_id = 1')).toEqual([])
    expect(rowsOf(path, 'PRAGMA foreign_key_check')).toEqual([])
    const queue = rowsOf(path, 'SELECT length, request_json FROM queues') as {
      length: number
      request_json: string
    }[]
    expect(queue).toMatchObject([{ length: 6 }])
    expect(JSON.parse(queue[0]?.request_json ?? '')).toMatchObject({ filter: { model: [3] } })
  })

  test('is refused as a whole where maps of the same key have other values', async () => {
    const path = `${fresh()}.heatproof`
    const workspace = openWorkspace(path, { create: true })
    fillWorkspace(workspace, { samples: 1, methods: ['gi'], seed: 3 })
    fillWorkspace(workspace, { samples: 2, methods: ['sa'] })
    workspace.close()
    const there = engineOn(path)
    const { conflicts } = await there.inspect(sets.folder)
    expect(conflicts.filter((conflict) => /^map \d+: other values than map \d+/.test(conflict))).toHaveLength(
      4,
    )
    expect(await there.import(sets.folder)).toMatchObject({ status: 'failed' })
    await there.engine.close()
    expect(rowsOf(path, 'SELECT * FROM verdicts')).toEqual([])
    expect(rowsOf(path, 'SELECT * FROM maps')).toHaveLength(6)
  })

  test('is refused as a whole where an analysis says something else of a map', async () => {
    const copy = `${fresh()}.heatproof`
    cpSync(source, copy)
    const workspace = openWorkspace(copy)
    workspace.database.exec(`DELETE FROM map_analysis_rows WHERE map_id = 40;
      INSERT INTO map_analysis_rows (analysis_id, map_id, cluster) VALUES (1, 40, 'another')`)
    workspace.close()
    const there = engineOn(copy)
    const { conflicts } = await there.inspect(sets.folder)
    expect(conflicts).toEqual(['map 40: another cluster or place than in the workspace'])
    expect(await there.import(sets.folder)).toMatchObject({ status: 'failed' })
    await there.engine.close()
  })

  test('goes on from the verdicts that are there, and is refused as a whole where they differ', async () => {
    const copy = `${fresh()}.heatproof`
    cpSync(source, copy)
    const workspace = openWorkspace(copy)
    const say = (mapIds: number[], reviewer: string) =>
      decide(workspace.database, {
        ...{ requestId: null, mapIds, reviewer, verdict: 'accept', modes: [], note: 'later', box: null },
        ...{ queueId: null, blind: false },
      })
    say([9, 11], 'Ada')
    workspace.close()
    const later = engineOn(copy)
    const newer = await later.export({})
    await later.engine.close()

    const back = await imported(sets.folder)
    const { facts } = await back.inspect(newer)
    expect(facts).toContainEqual({ name: 'verdicts', value: '11, of which 2 are new' })
    expect(await back.import(newer)).toMatchObject({ status: 'done' })
    const other = await imported(sets.folder)
    await other.engine.close()
    const changed = openWorkspace(other.path)
    decide(changed.database, {
      ...{ requestId: null, mapIds: [9], reviewer: 'Ada', verdict: 'unsure', modes: [], note: '', box: null },
      ...{ queueId: null, blind: false },
    })
    changed.close()
    const before = rowsOf(other.path, 'SELECT * FROM verdicts')
    const refusing = engineOn(other.path)
    const { conflicts } = await refusing.inspect(newer)
    expect(conflicts).toEqual([
      expect.stringMatching(/^map 9: Ada says accept .* unsure at .* in the workspace$/),
    ])
    expect(await refusing.import(newer)).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('map 9') as unknown,
    })
    await refusing.engine.close()
    expect(rowsOf(other.path, 'SELECT * FROM verdicts')).toEqual(before)
  })
})
