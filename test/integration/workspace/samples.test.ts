import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import {
  ensureSampleSet,
  framesOf,
  insertSamples,
  listSamples,
} from '../../../src/engine/workspace/samples.ts'
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

test('a mask that does not fit its box is no region', () => {
  const { database, set } = open('mask.heatproof')
  database.exec('UPDATE regions SET box_width = 2 WHERE mask IS NOT NULL')
  expect(() => listSamples(database, set.id, { limit: 1 })).toThrow()
  database.exec('UPDATE regions SET box_width = 4 WHERE mask IS NOT NULL')
  expect(() => listSamples(database, set.id, { limit: 1 })).toThrow('does not fit')
})
