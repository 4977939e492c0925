import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { float32FromBlob } from '../../../src/engine/workspace/blobs.ts'
import { getModel } from '../../../src/engine/workspace/models.ts'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import { FigureRequest } from '../../../src/shared/contract/figures.ts'
import { formWorkspace } from '../exports/formats/form-workspace.ts'
import { importEngine } from './import-engine.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { values } from './array-fixture.ts'
import { arrayLayout, groupLayout, projectFile, SIZE, virelayFiles, writeVirelay } from './virelay-fixture.ts'

const root = temporaryFolder()
let count = 0
const fresh = (ending = '') => join(root, `${(count += 1)}${ending}`)

const engineOn = () => importEngine(root, fresh('.heatproof'))

interface Stored {
  dataset: string
  label: number
  channels: number
  predicted: number
  method: string
  target: number
  name: string | null
  input: number[]
  logits: number[]
  values: number[]
}

/** Every map of a workspace with its sample and the network's answer, by sample and method. */
function mapsOf(database: Database, modelId = 1): Stored[] {
  const rows = database
    .prepare(
      `SELECT dataset, label, channels, predicted, method, target, input, logits, "values",
              samples.provenance_json ->> 'name' AS name
       FROM maps JOIN map_values ON map_id = maps.id JOIN samples ON samples.id = maps.sample_id
       JOIN sample_sets ON sample_sets.id = samples.sample_set_id
       JOIN predictions ON predictions.sample_id = samples.id AND predictions.model_id = maps.model_id
       WHERE maps.model_id = ? ORDER BY position, method`,
    )
    .all(modelId) as (Omit<Stored, 'input' | 'logits' | 'values'> &
    Record<'input' | 'logits' | 'values', Uint8Array>)[]
  return rows.map((row) => ({
    ...row,
    input: [...float32FromBlob(row.input)],
    logits: [...float32FromBlob(row.logits)],
    values: [...float32FromBlob(row.values)],
  }))
}

function storedIn(path: string): Stored[] {
  const workspace = openWorkspace(path)
  try {
    return mapsOf(workspace.database)
  } finally {
    workspace.close()
  }
}

/** Projects have logits alone: what the network says is the class of the largest. */
test('an export for ViRelAy comes in again with the same inputs, labels, answers and maps', async () => {
  const audited = formWorkspace(root)
  const { path: exported } = await audited.write('virelay')
  const before = mapsOf(audited.database)
  const model = getModel(audited.database, 1)?.name ?? ''
  await audited.close()

  const { path, engine, run } = engineOn()
  expect(await engine.handlers['imports.inspect']({ path: exported, options: { model } })).toMatchObject({
    format: 'virelay',
    conflicts: [],
  })
  expect(await run(exported, { model })).toMatchObject({ error: null, status: 'done' })
  expect(await engine.handlers['models.list']({})).toMatchObject([{ name: model, origin: 'imported' }])
  await engine.close()

  const after = storedIn(path)
  const compared = ({ label, channels, predicted, target, input, logits, values: own }: Stored) => ({
    ...{ label, channels, predicted, target, input, logits, values: own },
  })
  expect(after).toHaveLength(6)
  const answered = before.map((map) => ({ ...map, predicted: map.logits.indexOf(Math.max(...map.logits)) }))
  expect(after.map(compared)).toEqual(answered.map(compared))
  expect(after.map(({ method }) => method.split(':')[1])).toEqual(before.map(({ method }) => method))
})

describe('a project in the layout that ViRelAy describes', () => {
  const maps = [...values(3 * SIZE, 2)].map((value) => Math.fround(value - 0.5))
  const summed = (row: number) =>
    Array.from({ length: 15 }, (_, pixel) =>
      Math.fround((maps[row * SIZE + pixel] ?? 0) + (maps[row * SIZE + 15 + pixel] ?? 0)),
    )

  test('comes in from arrays: channels of maps are summed, those of inputs kept', async () => {
    const { path, engine, run } = engineOn()
    const source = await writeVirelay(fresh(), virelayFiles())
    expect(await run(source, { tool: 'zennit 0.5.1' })).toMatchObject({ error: null, status: 'done' })
    const [record] = await engine.handlers['imports.list']({})
    expect(record).toMatchObject({ format: 'virelay', tool: 'zennit 0.5.1', counts: { samples: 3, maps: 3 } })
    await engine.close()
    const stored = storedIn(path)
    expect(stored.map(({ label }) => label)).toEqual([0, 1, 2])
    expect(stored.map(({ logits }) => logits)).toEqual([
      [5, 1, 0],
      [0, 4, 1],
      [0, 1, 6],
    ])
    expect(stored[0]).toMatchObject({
      ...{ dataset: 'pets', method: 'import:LRP-Epsilon-Gamma-Box', channels: 2, target: 0 },
    })
    expect(stored.map((map) => map.values)).toEqual([0, 1, 2].map(summed))
    const inputs = values(4 * SIZE)
    const first = Array.from(
      { length: SIZE },
      (_, at) => inputs[SIZE + (at % 2) * 15 + Math.floor(at / 2)] ?? 0,
    )
    expect(stored[0]?.input).toEqual(first.map((value) => Math.fround(2 * value - 1)))
  })

  test('comes in from groups, nested by class, with the names of the samples', async () => {
    const { path, engine, run } = engineOn()
    const source = await writeVirelay(fresh(), { ...virelayFiles(), ...groupLayout() })
    expect(await run(source)).toMatchObject({ error: null, status: 'done' })
    await engine.close()
    const stored = storedIn(path)
    expect(stored.map(({ name, label }) => [name, label])).toEqual([
      ['bird/1', 2],
      ['cat/2', 1],
      ['cat/10', 0],
    ])
    expect(stored.map((map) => map.values)).toEqual([2, 1, 0].map(summed))
  })

  test('a project file alone is enough, in YAML, with labels of booleans and a class that is explained', async () => {
    const { path, engine, run } = engineOn()
    const { 'inputs.h5': inputs } = arrayLayout()
    const source = await writeVirelay(fresh(), {
      ...virelayFiles(),
      'inputs.h5': {
        ...inputs,
        label: { shape: [4, 3], data: Uint8Array.from([0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]) },
      },
      'cats.yml': `
project:
    name: Cats
    model: vgg16
    dataset: {name: pets, type: hdf5, path: inputs.h5}
    attributions:
        attribution_method: IG
        attribution_strategy: 2
        sources:
        - attributions.h5
`,
    })
    expect(await run(join(source, 'cats.yml'), { name: 'mine', model: 'net' })).toMatchObject({
      status: 'done',
    })
    await engine.close()
    expect(
      storedIn(path).map(({ dataset, method, label, target }) => [dataset, method, label, target]),
    ).toEqual([0, 1, 2].map((label) => ['mine', 'import:IG', label, 2]))
  })

  test('an unknown strategy is read from the labels of the maps', async () => {
    const { engine, run } = engineOn()
    const { 'attributions.h5': attributions } = arrayLayout()
    const source = await writeVirelay(fresh(), {
      ...virelayFiles(),
      'project.yaml': projectFile({
        attributions: { attribution_method: 'IG', attribution_strategy: 'own', sources: ['attributions.h5'] },
      }),
      'attributions.h5': { ...attributions, label: { shape: [3], data: Int32Array.from([1, 1, 1]) } },
    })
    expect(await run(source)).toMatchObject({ error: null, status: 'done' })
    expect(await engine.handlers['runs.list']({})).toMatchObject([{ target: 1 }])
  })
})

test('maps without regions have no percentage, whatever their relevance', async () => {
  const { engine, run } = engineOn()
  await run(await writeVirelay(fresh(), virelayFiles()))
  for (const metric of ['percentage', 'capped_percentage'] as const) {
    const { cells } = await engine.handlers['runs.matrix']({ metric })
    expect(cells).toMatchObject([{ maps: 3, mean: null }])
    const request = FigureRequest.parse({ name: 'metrics', metric })
    const { panels } = await engine.handlers['figures.draw'](request)
    expect(panels[0]?.series[0]?.points[0]).toMatchObject({ mean: null, undefined: 3 })
  }
  await engine.close()
})
