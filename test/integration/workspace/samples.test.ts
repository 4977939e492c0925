import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { framesOf } from '../../../src/engine/workspace/regions.ts'
import { comparedSequence } from '../../../src/engine/compare/sequence.ts'
import { MapTable } from '../../../src/engine/review/map-table.ts'
import { reviewItem } from '../../../src/engine/review/review-item.ts'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import { ensureSampleSet, insertSamples, listSamples } from '../../../src/engine/workspace/samples.ts'
import { fillWorkspace } from '../../../src/hosts/bench/generated-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()

const BOX = { row: 1, column: 0, height: 1, width: 3 }
const CAT = { name: 'cat', box: BOX, mark: 1, label: 281 } as const
const DOG = { name: 'dog', box: { ...BOX, row: 0, width: 1 }, mark: 0, label: null } as const

function open(name: string) {
  const { database } = openWorkspace(join(folder, name), { create: true })
  const set = ensureSampleSet(database, {
    ...{ name: 'Cats', dataset: 'cats', split: 'imported', fold: 0, items: 0, seed: 0 },
    source: { files: [], classNames: ['cat', 'dog'] },
  })
  insertSamples(database, set.id, [
    {
      ...{ position: 0, label: 1, rows: 2, columns: 3, channels: 3 },
      input: Float32Array.from({ length: 18 }, (_, index) => index / 18),
      provenance: { sequence: 0, images: [], name: 'Katze 1.png' },
      regions: [{ ...CAT, filled: true, mask: Uint8Array.of(1, 0, 1) }, DOG],
    },
  ])
  return { database, set }
}

test('a sample that was brought keeps its channels, its name and the pixels of its regions', () => {
  const { database, set } = open('channels.heatproof')
  expect(set).toMatchObject({ split: 'imported', source: { classNames: ['cat', 'dog'] } })
  const [sample] = listSamples(database, set.id, { limit: 1 })
  expect(sample).toMatchObject({ channels: 3, provenance: { name: 'Katze 1.png' } })
  expect(sample?.input).toEqual(Float32Array.from({ length: 18 }, (_, index) => index / 18))
  expect(sample?.regions).toEqual([{ ...CAT, filled: true, mask: Uint8Array.of(1, 0, 1) }, DOG])
  expect(framesOf(sample?.regions ?? [])).toEqual([CAT, DOG])
})

test('a page gets the regions of a map without their pixels', () => {
  const workspace = openWorkspace(join(folder, 'page.heatproof'), { create: true })
  const { sampleSetId } = fillWorkspace(workspace, {
    ...{ samples: 1, rows: 4, columns: 12 },
    methods: ['dtd'],
  })
  const { database } = workspace
  database.prepare('UPDATE regions SET filled = 1, mask = ?').run(deflateRawSync(new Uint8Array(16).fill(1)))
  const [sample] = listSamples(database, sampleSetId, { limit: 1 })
  const { id } = z.object({ id: z.int() }).parse(database.prepare('SELECT min(id) AS id FROM maps').get())
  expect(sample?.regions[0]).toMatchObject({ filled: true, mask: new Uint8Array(16).fill(1) })
  const frames = framesOf(sample?.regions ?? [])
  expect(reviewItem(database, id).regions).toEqual(frames)
  const request = { sampleId: null, metric: 'percentage', reviewer: 'Ada' } as const
  expect(comparedSequence(database, new MapTable(database).current(), request)?.regions).toEqual(frames)
})

test('a mask that does not fit its box is no region', () => {
  const { database, set } = open('mask.heatproof')
  database.exec('UPDATE regions SET box_width = 2 WHERE mask IS NOT NULL')
  expect(() => listSamples(database, set.id, { limit: 1 })).toThrow('larger than 2 bytes')
  database.exec('UPDATE regions SET box_width = 4 WHERE mask IS NOT NULL')
  expect(() => listSamples(database, set.id, { limit: 1 })).toThrow('does not fit')
})
