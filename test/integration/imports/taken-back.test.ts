import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { contract } from '../../../src/shared/contract/contract.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { arrayFiles, COLUMNS, float32, int32, ROWS, values, writeFolder } from './array-fixture.ts'
import { importEngine } from './import-engine.ts'

const folder = temporaryFolder()
const COUNT = 3000
const PIXELS = COUNT * ROWS * COLUMNS
/** Maps of the import that stays. */
const STAYING = 12
const { engine, run } = importEngine(folder)
const { handlers } = engine

/** Imports many maps, and gives the job when some of them are stored. */
async function importBegun(): Promise<{ jobId: number }> {
  const path = writeFolder(join(folder, 'many'), {
    'inputs.npy': float32([COUNT, ROWS, COLUMNS], values(PIXELS, 5)),
    'labels.npy': int32([COUNT], new Array<number>(COUNT).fill(1)),
    'predictions.npy': int32([COUNT], new Array<number>(COUNT).fill(1)),
    'maps/ig.npy': float32([COUNT, ROWS, COLUMNS], values(PIXELS, 4)),
  })
  const job = await handlers['imports.start']({ path, options: {}, createdBy: 'Ada' })
  while ((await handlers['workspace.summary']({})).counts.maps <= STAYING) await setImmediate()
  return job
}

test('maps of an import that is taken back leave queues and filters, but for those that were decided', async () => {
  const small = writeFolder(join(folder, 'few'), arrayFiles())
  expect(await run(small, { name: 'few', model: 'few' })).toMatchObject({ status: 'done' })
  const staying = (await itemsOf((await drawAll()).id)).map(({ mapId }) => mapId)
  expect(staying).toHaveLength(STAYING)

  const { jobId } = await importBegun()
  const { id: queueId, length } = await drawAll()
  expect(length).toBeGreaterThan(STAYING)
  const [decided = 0] = (await itemsOf(queueId))
    .map(({ mapId }) => mapId)
    .filter((id) => !staying.includes(id))
  const verdict = { reviewer: 'Ada', mapIds: [decided], verdict: 'accept', queueId }
  await handlers['review.decide'](contract['review.decide'].input.parse(verdict))
  const changed = new Set<string>()
  engine.subscribe((event) => {
    if (event.type === 'changed') for (const what of event.what) changed.add(what)
  })
  await handlers['jobs.cancel']({ id: jobId })
  expect(await engine.waitFor(jobId)).toMatchObject({ status: 'cancelled' })

  const kept = [...staying, decided].toSorted((one, other) => one - other)
  expect(await handlers['workspace.summary']({})).toMatchObject({ counts: { maps: kept.length } })
  expect(await handlers['review.queue']({ id: queueId })).toMatchObject({ length: kept.length })
  const items = await itemsOf(queueId)
  expect(items.map(({ mapId }) => mapId).toSorted((one, other) => one - other)).toEqual(kept)
  for (const { mapId } of items) expect(await handlers['review.item']({ mapId })).toMatchObject({ mapId })
  expect(await handlers['review.facets']({ filter: {} })).toMatchObject({ total: kept.length })
  expect(await drawAll()).toMatchObject({ length: kept.length })
  expect(changed).toContain('queues')
})

async function drawAll() {
  const request = { filter: {}, order: 'random', size: 0, seed: 1, reviewer: 'Ada' }
  return handlers['review.createQueue'](contract['review.createQueue'].input.parse(request))
}

async function itemsOf(queueId: number) {
  return handlers['review.items']({ queueId, reviewer: 'Ada', offset: 0, limit: 1000 })
}
