import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Engine } from '../../../src/engine/api/engine.ts'
import { openEngine } from '../../../src/engine/engine.ts'
import { writeAnyModel } from '../../../src/engine/graph/any-model.ts'
import { verifyAuditLog } from '../../../src/engine/workspace/audit-log.ts'
import { listMaps } from '../../../src/engine/workspace/maps.ts'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import { selectAll } from '../../../src/engine/workspace/statements.ts'
import { requestFor } from '../exports/audited-workspace.ts'
import { smallNetwork } from '../support/small-network.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { float32, int32, values, writeFolder, writeNpz, type Files } from './array-fixture.ts'
import { importEngine } from './import-engine.ts'

const root = temporaryFolder()
let numbers = 0
const fresh = (ending = '') => join(root, `${(numbers += 1)}${ending}`)

const COUNT = 5
const SIZE = { name: 'photos', rows: 32, columns: 32, channels: 3 }
const LABELS = [0, 1, 2, 0, 1]
const PIXELS = SIZE.rows * SIZE.columns

const imageFiles = (): Files => ({
  'inputs.npy': float32(
    [COUNT, SIZE.rows, SIZE.columns, SIZE.channels],
    values(COUNT * PIXELS * SIZE.channels),
  ),
  'labels.npy': int32([COUNT], LABELS),
  'classes.txt': 'cat\ndog\nowl\n',
  'regions.json': JSON.stringify([{ name: 'object', box: { row: 0, column: 0, height: 16, width: 16 } }]),
})
function withoutRegions(): Files {
  const { 'regions.json': _, ...files } = imageFiles()
  return files
}
const SAID = { name: 'photos' }

/** So many that it takes a while to store all. */
const MANY = 1500
const MANY_LABELS = int32([MANY], new Array<number>(MANY).fill(1))
const manyFiles = (): Files => ({
  'inputs.npy': float32([MANY, 4, 6], values(MANY * 24)),
  'labels.npy': MANY_LABELS,
})
const manyMaps = (): Files => ({
  ...manyFiles(),
  'predictions.npy': MANY_LABELS,
  'maps/ig.npy': float32([MANY, 4, 6], values(MANY * 24, 2)),
})

/** Starts an import and waits until some of it is stored. */
async function begin({ handlers }: Engine, files: Files, stored: 'samples' | 'maps'): Promise<number> {
  const request = { path: writeFolder(fresh(), files), options: { name: 'many' }, createdBy: 'Ada' }
  const { jobId } = await handlers['imports.start'](request)
  while ((await handlers['workspace.summary']({})).counts[stored] === 0) await setImmediate()
  return jobId
}

const NOTHING = {
  ...{ maps: 0, runs: 0, models: 0, predictions: 0 },
  ...{ samples: 0, sample_sets: 0, regions: 0, imports: 0 },
}

/** Rows of every table that imports write. */
function countsOf(path: string): Record<string, unknown> {
  const workspace = openWorkspace(path)
  const count = (table: string) => workspace.database.prepare(`SELECT count(*) FROM ${table}`).pluck().get()
  const counts = Object.fromEntries(Object.keys(NOTHING).map((table) => [table, count(table)]))
  workspace.close()
  return counts
}

/** Adds a network and explains the first so many images of the only set. */
async function explain(engine: Engine, count: number): Promise<number> {
  const { handlers } = engine
  const base64 = Buffer.from(writeAnyModel(smallNetwork(SIZE))).toString('base64')
  const { id } = await handlers['models.import']({
    ...{ fileName: 'net.safetensors', base64, layout: 'heatproof' },
  })
  const { sets } = await handlers['runs.inputs']({})
  expect(sets).toMatchObject([{ ...SIZE, count: COUNT }])
  const { runId, jobId } = await handlers['runs.startOnSet']({
    ...{ modelIds: [id], methods: ['gi'], sampleSetId: sets[0]?.id ?? 0, count, target: 'label' },
  })
  expect(await engine.waitFor(jobId)).toMatchObject({ status: 'done', error: null })
  expect(await handlers['runs.get']({ id: runId })).toMatchObject({ maps: count })
  return runId
}

describe('images without maps', () => {
  test.each([
    ['with regions', imageFiles(), 1],
    ['without regions', withoutRegions(), 0],
  ] as const)(
    '%s become a set that a network explains in a run, recorded and logged',
    async (_, files, regions) => {
      const { path, engine, run } = importEngine(root, fresh('.heatproof'))
      const { handlers } = engine
      const source = writeFolder(join(fresh(), 'photos'), files)
      const findings = await handlers['imports.inspect']({ path: source, options: {} })
      expect(findings.facts).toContainEqual({
        name: 'images without maps',
        value: '5 images, to be explained by a run',
      })
      expect(findings.previews.map(({ title, map, boxes }) => [title, map, boxes.length])).toEqual([
        ['sample 0: label cat', null, regions],
        ['sample 1: label dog', null, regions],
        ['sample 2: label owl', null, regions],
      ])
      const job = await run(source)
      expect(job).toMatchObject({
        ...{ status: 'done', done: COUNT, total: COUNT, unit: 'images' },
        detail: '5 images without maps, to be explained by a run',
      })
      const { counts } = await handlers['workspace.summary']({})
      expect(counts).toMatchObject({ samples: COUNT, models: 0, runs: 0, maps: 0 })
      expect(await handlers['imports.list']({})).toMatchObject([
        { format: 'arrays', source: 'photos', counts: { images: COUNT }, runId: null, createdBy: 'Ada' },
      ])

      await explain(engine, COUNT)
      await engine.close()

      const workspace = openWorkspace(path)
      expect(verifyAuditLog(workspace.database)).toMatchObject({ entries: 1, faults: [] })
      const ids = selectAll(workspace.database, z.object({ id: z.int() }), 'SELECT id FROM maps', {})
      const maps = listMaps(
        workspace.database,
        ids.map(({ id }) => id),
      )
      for (const { pixelScores } of maps) {
        const accuracy = pixelScores?.find(({ metric }) => metric === 'mass_accuracy')?.value
        expect(typeof accuracy === 'number').toBe(regions > 0)
      }
      workspace.close()
    },
  )

  test('that come twice are one set; other images, labels or regions of its name are conflicts', async () => {
    const { engine, run } = importEngine(root, fresh('.heatproof'))
    await run(writeFolder(fresh(), imageFiles()), SAID)
    expect(await run(await writeNpz(fresh('.npz'), imageFiles()), SAID)).toMatchObject({
      ...{ status: 'done', detail: 'no new images, as the workspace has them all' },
    })
    const { counts } = await engine.handlers['workspace.summary']({})
    expect(counts).toMatchObject({ samples: COUNT })
    expect((await engine.handlers['imports.list']({})).map((record) => record.counts)).toEqual([
      { images: 0 },
      { images: COUNT },
    ])
    const box = { row: 1, column: 0, height: 16, width: 16 }
    for (const [change, says] of [
      [{ 'labels.npy': int32([COUNT], [0, 1, 2, 0, 2]) }, /sample 4: label 2 here, 1 in the workspace/],
      [{ 'regions.json': JSON.stringify([{ name: 'object', box }]) }, /sample 0: other regions/],
      [
        { 'inputs.npy': float32([COUNT, SIZE.rows, SIZE.columns, 3], values(COUNT * PIXELS * 3, 9)) },
        /other inputs.*\(--name\)/,
      ],
    ] as const) {
      expect((await run(writeFolder(fresh(), { ...imageFiles(), ...change }), SAID)).error).toMatch(says)
    }
    expect((await engine.handlers['runs.inputs']({})).sets).toMatchObject([{ name: 'photos', count: COUNT }])
  })

  test('stay when the run that explained them is deleted', async () => {
    const { path, engine, run } = importEngine(root, fresh('.heatproof'))
    await run(writeFolder(fresh(), imageFiles()), SAID)
    const id = await explain(engine, COUNT)
    const { jobId } = await engine.handlers['runs.remove']({ id })
    expect(await engine.waitFor(jobId)).toMatchObject({ status: 'done', error: null })
    expect((await engine.handlers['runs.inputs']({})).sets).toMatchObject([{ count: COUNT }])
    await engine.close()
    expect(countsOf(path)).toMatchObject({ maps: 0, samples: COUNT, sample_sets: 1 })
  })

  test('have nothing to export until they are explained; a set of some then holds these, and takes the others in', async () => {
    const { engine, run } = importEngine(root, fresh('.heatproof'))
    await run(writeFolder(fresh(), imageFiles()), SAID)
    const exported = async () => {
      const { jobId } = await engine.handlers['exports.start'](requestFor(root, { images: false }))
      return engine.waitFor(jobId)
    }
    await expect(exported()).rejects.toThrow(/no map to export: 0 match/)
    await explain(engine, 3)
    expect(await exported()).toMatchObject({ status: 'done', error: null })

    const other = importEngine(root, fresh('.heatproof'))
    expect(await other.run(join(root, 'set'))).toMatchObject({ status: 'done', error: null })
    expect((await other.engine.handlers['runs.inputs']({})).sets).toMatchObject([
      { name: 'photos', count: 3 },
    ])
    const { detail } = await other.run(writeFolder(fresh(), imageFiles()), SAID)
    expect(detail).toBe('2 images without maps, to be explained by a run')
    const { sets } = await other.engine.handlers['runs.inputs']({})
    expect(sets).toMatchObject([{ name: 'photos', count: COUNT }])
    expect(await run(join(root, 'set'))).toMatchObject({ status: 'done', error: null })
  })

  test('stay when maps of them from elsewhere are taken back', async () => {
    const { path, engine, run } = importEngine(root, fresh('.heatproof'))
    await run(writeFolder(fresh(), manyFiles()), { name: 'many' })
    const jobId = await begin(engine, manyMaps(), 'maps')
    await engine.handlers['jobs.cancel']({ id: jobId })
    expect((await engine.waitFor(jobId)).status).toBe('cancelled')
    await engine.close()
    expect(countsOf(path)).toEqual({ ...NOTHING, samples: MANY, sample_sets: 1, imports: 1 })
  })

  test('whose import is cancelled leave nothing', async () => {
    const { path, engine } = importEngine(root, fresh('.heatproof'))
    const jobId = await begin(engine, manyFiles(), 'samples')
    await engine.handlers['jobs.cancel']({ id: jobId })
    expect((await engine.waitFor(jobId)).status).toBe('cancelled')
    await engine.close()
    expect(countsOf(path)).toEqual(NOTHING)
  })

  test('whose engine stops in between come in whole afterwards, and all count as new', async () => {
    const path = fresh('.heatproof')
    const { engine: first } = importEngine(root, path)
    const jobId = await begin(first, manyFiles(), 'samples')
    await first.close()
    const { samples } = countsOf(path)
    expect(samples).toBeGreaterThan(0)
    expect(samples).toBeLessThan(MANY)
    const waiting = openEngine({ workspacePath: path, folders: [root], workers: 1, resume: false })
    expect((await waiting.handlers['runs.inputs']({})).sets).toEqual([])
    const request = { sampleSetId: 1, count: 1, target: 'label' } as const
    const early = async () =>
      waiting.handlers['runs.startOnSet']({ ...request, modelIds: [1], methods: ['gi'] })
    await expect(early()).rejects.toThrow(/of whose 1,500 images \d+ are there/)
    await waiting.close()
    const next = openEngine({ workspacePath: path, folders: [root], workers: 1 })
    expect(await next.waitFor(jobId)).toMatchObject({ status: 'done', error: null })
    expect(await next.handlers['imports.list']({})).toMatchObject([{ counts: { images: MANY } }])
    await next.close()
    expect(countsOf(path)).toMatchObject({ samples: MANY, sample_sets: 1 })
  })
})
