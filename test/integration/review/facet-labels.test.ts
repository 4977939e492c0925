import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ensureSampleSet } from '../../../src/engine/workspace/samples.ts'
import { fillWorkspace } from '../../../src/hosts/bench/generated-workspace.ts'
import { makeWorkspace } from '../support/reviewed-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const SHAPE = { samples: 6, rows: 4, columns: 12, methods: ['sa'] }
const { workspace, database, maps, review } = makeWorkspace(join(temporaryFolder(), 'labels.heatproof'), {
  ...SHAPE,
  dataset: 'fashion-mnist-3-items-maj',
})

async function classes(): Promise<string[]> {
  const { facets } = await review['review.facets']({ filter: {} })
  return ['label', 'target'].flatMap((facet) => facets[facet]?.map(({ label }) => label) ?? [])
}

test('a set without maps has no say in what classes are called', async () => {
  const before = await classes()
  expect(before).toContain('Trouser')
  ensureSampleSet(database, {
    ...{ name: 'pets', dataset: 'pets', split: 'imported', fold: 0, items: 1, seed: 0 },
    source: { files: [], classNames: ['cat', 'dog', 'owl'] },
  })
  expect(await classes()).toEqual(before)
})

test('sets with maps share their names, as long as the maps are there', async () => {
  const before = await classes()
  const { mapIds } = maps.current()
  const last = mapIds.at(-1) ?? 0
  fillWorkspace(workspace, SHAPE)
  expect(await classes()).toContain('1 (Trouser, 1)')
  maps.drop((mapId) => mapId > last)
  expect(await classes()).toEqual(before)
})
