import { copyFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { beforeAll, expect, test } from 'vitest'
import { openEngine } from '../../../src/engine/engine.ts'
import { writeAnyModel } from '../../../src/engine/graph/any-model.ts'
import { verifyAuditLog } from '../../../src/engine/workspace/audit-log.ts'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import { QueueRequest } from '../../../src/shared/contract/queues.ts'
import { rejectionOf } from '../../support/errors.ts'
import { heatproof } from '../cli/heatproof.ts'
import { decision } from '../support/reviewed-workspace.ts'
import { smallNetwork } from '../support/small-network.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { float32, int32, values, writeFolder, type Files } from './array-fixture.ts'
import { importEngine } from './import-engine.ts'

const root = temporaryFolder()
const SIDE = 16
const SAID = { name: 'photos', model: 'elsewhere' }
const ID = 1
const REGION = { name: 'object', box: { row: 0, column: 0, height: 4, width: 4 } }

function photos(count: number): Files {
  const shape = [count, SIDE, SIDE]
  const labels = int32(
    [count],
    Array.from({ length: count }, (_, index) => index % 3),
  )
  return {
    'inputs.npy': float32(shape, values(count * SIDE * SIDE)),
    'labels.npy': labels,
    'predictions.npy': labels,
    'maps/ig.npy': float32(shape, values(count * SIDE * SIDE, 2)),
    'regions.json': JSON.stringify([REGION]),
  }
}

/** Imported maps of 12 images, and a run of the same images by a network. */
const template = join(root, 'template.heatproof')

beforeAll(async () => {
  const { engine, run } = importEngine(root, template)
  const { handlers } = engine
  expect(await run(writeFolder(join(root, 'photos'), photos(12)), SAID)).toMatchObject({ error: null })
  const network = smallNetwork({ name: 'net', rows: SIDE, columns: SIDE, channels: 1 })
  const base64 = Buffer.from(writeAnyModel(network)).toString('base64')
  const model = await handlers['models.import']({ fileName: 'net.safetensors', base64, layout: 'heatproof' })
  const { jobId } = await handlers['runs.startOnSet']({
    ...{ modelIds: [model.id], methods: ['gi'], sampleSetId: ID, count: 12, target: 'label' },
  })
  expect(await engine.waitFor(jobId)).toMatchObject({ status: 'done' })
  await engine.close()
})

function copied(name: string): string {
  const path = join(root, `${name}.heatproof`)
  copyFileSync(template, path)
  return path
}

function opened(name: string) {
  const path = copied(name)
  const { engine, run } = importEngine(root, path)
  const { handlers } = engine
  const remove = async (id: number) => engine.waitFor((await handlers['sets.remove']({ id })).jobId)
  return { path, engine, handlers, run, remove }
}

/** How many rows each table has in a file that nobody has open. */
function rowsIn(path: string, tables: readonly string[]): number[] {
  const database = new Sqlite(path, { readonly: true })
  try {
    return tables.map((table) => Number(database.prepare(`SELECT count(*) FROM ${table}`).pluck().get()))
  } finally {
    database.close()
  }
}

const OF_SAMPLES = ['samples', 'regions', 'predictions', 'maps', 'map_values', 'scores']

test('a set goes with its images, runs, maps and networks, and leaves another one as it is', async () => {
  const { path, engine, handlers, run, remove } = opened('whole')
  const id = ID
  await run(join(root, 'photos'), { ...SAID, name: 'others' })
  expect(await handlers['sets.removal']({ id })).toMatchObject({
    ...{ samples: 12, maps: 24, models: [], shrinks: true, refusal: null },
    runs: ['elsewhere × import:ig:positive on 12 imported samples', 'net × gi on 12 imported samples'],
  })
  await remove(2)
  expect(await handlers['sets.removal']({ id })).toMatchObject({ models: ['elsewhere'] })
  const { id: queueId } = await handlers['review.createQueue'](
    QueueRequest.parse({ filter: {}, order: 'sequence', size: 0 }),
  )
  expect(await remove(id)).toMatchObject({
    kind: 'remove-set',
    status: 'done',
    done: 12,
    total: 12,
    error: null,
  })
  expect(await handlers['sets.list']({})).toEqual([])
  expect(await handlers['runs.list']({})).toEqual([])
  expect(await handlers['runs.inputs']({})).toMatchObject({ sets: [], models: [{ channels: 1 }] })
  expect((await handlers['models.list']({})).map(({ name }) => name)).toEqual(['net'])
  expect((await handlers['review.queue']({ id: queueId })).length).toBe(0)
  expect((await handlers['review.facets']({ filter: {} })).total).toBe(0)
  const gone = await rejectionOf(Promise.resolve().then(() => handlers['sets.removal']({ id })))
  expect(gone).toMatchObject({ code: 'not_found', found: 'the set photos, which was deleted' })
  await engine.close()
  expect(rowsIn(path, [...OF_SAMPLES, 'map_analyses', 'pragma_foreign_key_check'])).toEqual(
    [...OF_SAMPLES, '', ''].map(() => 0),
  )
  const workspace = openWorkspace(path)
  expect(verifyAuditLog(workspace.database).faults).toEqual([])
  workspace.close()
})

test('the same images come in again as a set of their own, under addresses that were never used', async () => {
  const { engine, handlers, run, remove } = opened('again')
  const sampleIds = async () => {
    const { id: queueId } = await handlers['review.createQueue'](
      QueueRequest.parse({ filter: {}, order: 'sequence', size: 0, repeatShare: 0 }),
    )
    const items = await handlers['review.items']({ queueId, reviewer: 'Ada', offset: 0, limit: 100 })
    return new Set(items.map(({ sampleId }) => sampleId))
  }
  const before = await sampleIds()
  await remove(ID)
  expect(await run(join(root, 'photos'), SAID)).toMatchObject({ error: null })
  expect(await handlers['sets.list']({})).toMatchObject([{ id: 2, name: 'photos', count: 12 }])
  const after = await sampleIds()
  expect([before.size, after.size]).toEqual([12, 12])
  expect([...after].filter((sample) => before.has(sample))).toEqual([])
  await engine.close()
})

test('the file becomes smaller by what the set held', async () => {
  const { path, engine, handlers, run } = opened('size')
  await run(writeFolder(join(root, 'many'), photos(300)), { ...SAID, name: 'many' })
  const id = 2
  const { bytes } = await handlers['sets.removal']({ id })
  await engine.close()
  const before = statSync(path).size
  const again = importEngine(root, path).engine
  await again.waitFor((await again.handlers['sets.remove']({ id })).jobId)
  await again.close()
  expect(bytes).toBeGreaterThan(2 * 300 * SIDE * SIDE * 4)
  expect(before - statSync(path).size).toBeGreaterThan(0.7 * bytes)
})

test('a set is kept as a whole while a map has a verdict, with the reason', async () => {
  const { engine, handlers } = opened('decided')
  const id = ID
  await handlers['review.decide'](decision('Ada', [3], 'accept'))
  await handlers['review.undo']({ reviewer: 'Ada' })
  const before = await handlers['workspace.summary']({})
  const refusal = await rejectionOf(Promise.resolve().then(() => handlers['sets.remove']({ id })))
  expect(refusal).toMatchObject({
    code: 'conflict',
    found: 'the set photos: 1 of its 24 maps carries verdicts of Ada',
  })
  expect((await handlers['sets.removal']({ id })).refusal?.found).toBe(refusal.found)
  expect(await handlers['workspace.summary']({})).toEqual(before)
  await engine.close()
})

test('a set is kept while an import is not finished, and one that is no imported set is refused', async () => {
  const path = copied('waiting')
  const workspace = openWorkspace(path)
  workspace.database.exec(
    `INSERT INTO jobs (kind, title, request_json, status, unit, created_at)
     VALUES ('import', 'Import more', '{}', 'running', '', '2026-01-01T00:00:00Z')`,
  )
  workspace.close()
  const again = openEngine({ workspacePath: path, folders: [], workers: 1, resume: false })
  const refusalOf = (set: number) =>
    rejectionOf(Promise.resolve().then(() => again.handlers['sets.remove']({ id: set })))
  expect(await refusalOf(ID)).toMatchObject({
    code: 'conflict',
    found: 'the job Import more, which is not finished and may bring samples of the set photos',
  })
  expect(await refusalOf(99)).toMatchObject({ code: 'not_found', found: 'no sample set 99' })
  await again.close()
})

test('a deletion that was stopped goes on, and what got a verdict meanwhile stays with its image', async () => {
  const { path, engine, handlers } = opened('stopped')
  const id = ID
  const { jobId } = await handlers['sets.remove']({ id })
  await handlers['review.decide'](decision('Ada', [20], 'accept'))
  await handlers['jobs.cancel']({ id: jobId })
  expect(await engine.waitFor(jobId)).toMatchObject({ status: 'cancelled' })
  const [left] = await handlers['sets.list']({})
  expect(left).toMatchObject({ id, name: 'photos', runs: 0, deleted: true })
  expect(await engine.waitFor((await handlers['sets.remove']({ id })).jobId)).toMatchObject({
    status: 'done',
  })
  expect(await handlers['sets.list']({})).toMatchObject([{ id, count: 1, deleted: true }])
  expect((await handlers['review.item']({ mapId: 20 })).history).toHaveLength(1)
  await engine.close()
  expect(rowsIn(path, ['samples', 'maps', 'verdicts', 'pragma_foreign_key_check'])).toEqual([1, 1, 1, 0])
})

test('heatproof sets lists them, says what would go, and deletes one by its name', () => {
  const path = copied('cli')
  const sets = (...args: string[]) => heatproof('sets', '--workspace', path, ...args)
  expect(sets().stdout).toMatch(/^id +set +images +size +runs +imported\n1 +photos +12 +12\.3 kB +2 /)
  expect(sets('--dry-run').stderr).toContain('--dry-run without --delete')
  const dry = sets('--delete', 'photos', '--dry-run', '--json')
  expect(JSON.parse(dry.stdout)).toMatchObject({ set: 1, samples: 12, maps: 24, models: ['elsewhere'] })
  expect(sets('--delete', 'photos').stdout).toMatch(
    /^deleted the set photos: 12 images, 2 runs, 24 maps, and elsewhere with no map left; about .* given back/,
  )
  expect(rowsIn(path, OF_SAMPLES)).toEqual(OF_SAMPLES.map(() => 0))
})
