import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { openEngine } from '../../../src/engine/engine.ts'
import { listFolder } from '../../../src/engine/exchange/manifest.ts'
import { float32FromBlob } from '../../../src/engine/workspace/blobs.ts'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import type { ExportRequest } from '../../../src/shared/contract/exports.ts'
import { QueueRequest } from '../../../src/shared/contract/queues.ts'
import { requestFor } from '../exports/audited-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { values } from './array-fixture.ts'
import { importEngine } from './import-engine.ts'
import {
  analysedFiles,
  analysis,
  ANALYSES,
  arrayLayout,
  floats,
  groupLayout,
  numbers,
  PROJECT,
  projectFile,
  SHAPE,
  SIZE,
  virelayFiles,
  writeVirelay,
  type Hdf5Content,
  type VirelayFiles,
} from './virelay-fixture.ts'

const root = temporaryFolder()
let count = 0
const fresh = (ending = '') => join(root, `${(count += 1)}${ending}`)

/** What a workspace has of analyses: `kind name: position → cluster or place`. */
function storedIn(path: string): [string, Record<number, string | number[]>][] {
  const workspace = openWorkspace(path)
  try {
    const rows = workspace.database
      .prepare(
        `SELECT kind || ' ' || map_analyses.name AS name, samples.position, cluster, place
         FROM map_analyses JOIN map_analysis_rows ON analysis_id = map_analyses.id JOIN maps ON maps.id = map_id
         JOIN samples ON samples.id = sample_id ORDER BY map_analyses.id, samples.position`,
      )
      .all() as { name: string; position: number; cluster: string | null; place: Uint8Array | null }[]
    return [...Map.groupBy(rows, ({ name }) => name)].map(([name, own]) => [
      name,
      Object.fromEntries(
        own.map(({ position, cluster, place }) => [
          position,
          place === null ? (cluster ?? '') : [...float32FromBlob(place)],
        ]),
      ),
    ])
  } finally {
    workspace.close()
  }
}

/** How many analyses a workspace has, and rows of them. */
function rowsIn(path: string): unknown[] {
  const workspace = openWorkspace(path)
  const counts = ['map_analyses', 'map_analysis_rows'].map((table) =>
    workspace.database.prepare(`SELECT count(*) FROM ${table}`).pluck().get(),
  )
  workspace.close()
  return counts
}

async function imported(files: VirelayFiles): Promise<ReturnType<typeof storedIn>> {
  const path = fresh('.heatproof')
  const { engine, run } = importEngine(root, path)
  expect(await run(await writeVirelay(fresh(), files))).toMatchObject({ error: null, status: 'done' })
  await engine.close()
  return storedIn(path)
}

/** So many small maps, each in the cluster of its number modulo 7. */
function manyFiles(maps: number): VirelayFiles {
  const each = (of: (index: number) => number) =>
    numbers(Array.from({ length: maps }, (_, index) => of(index)))
  return {
    ...analysedFiles({ 'all/index': each((index) => index), 'all/cluster/k': each((index) => index % 7) }),
    'inputs.h5': { data: floats([maps, ...SHAPE], values(maps * SIZE)), label: each(() => 1) },
    'attributions.h5': {
      ...{ attribution: floats([maps, ...SHAPE], values(maps * SIZE)), label: each(() => 1) },
      ...{ index: each((index) => index), prediction: floats([maps, 2], values(maps * 2)) },
    },
  }
}

describe('analyses of a project of ViRelAy', () => {
  test('come in with the maps that they number, clusters by name and places as they are', async () => {
    const spectral = [...values(9)]
    expect(await imported(analysedFiles())).toEqual([
      ['clustering Spectral · dbscan', { 0: '4', 1: '4', 2: '-1' }],
      ['clustering Spectral · kmeans-2', { 0: '0', 1: '1', 2: '1' }],
      [
        'embedding Spectral · spectral',
        { 0: spectral.slice(3, 6), 1: spectral.slice(6), 2: spectral.slice(0, 3) },
      ],
      ['embedding Spectral · tsne', { 0: [1, 2], 1: [9, 7], 2: [9, 8] }],
    ])
  })

  test('are said before anything is stored, and counted in the record', async () => {
    const { engine, run } = importEngine(root, fresh('.heatproof'))
    const path = await writeVirelay(fresh(), analysedFiles())
    const { facts } = await engine.handlers['imports.inspect']({ path, options: {} })
    expect(facts).toContainEqual({ name: 'clusterings', value: 'Spectral · dbscan, Spectral · kmeans-2' })
    expect(facts).toContainEqual({
      name: 'embeddings',
      value: 'Spectral · spectral (3-D), Spectral · tsne (2-D)',
    })
    await run(path)
    expect(await engine.handlers['imports.list']({})).toMatchObject([
      { counts: { samples: 3, maps: 3, analyses: 4 } },
    ])
    await engine.close()
  })

  test('of several categories are one clustering with clusters of each, and an embedding for each', async () => {
    const stored = await imported({
      ...analysedFiles({
        'n0/index': numbers([1, 3]),
        'n0/cluster/k': numbers([0, 0]),
        'n0/embedding/tsne': floats([2, 2], values(4)),
        'other/index': numbers([2]),
        'other/cluster/k': numbers([0]),
        'other/embedding/tsne': floats([1, 1], values(1)),
      }),
    })
    expect(stored.map(([name]) => name)).toEqual([
      'clustering Spectral · k',
      'embedding Spectral · tsne · cat',
      'embedding Spectral · tsne · other',
    ])
    expect(stored[0]?.[1]).toEqual({ 0: 'cat · 0', 1: 'other · 0', 2: 'cat · 0' })
  })

  test('of categories that share maps stay apart', async () => {
    const stored = await imported(
      analysedFiles({
        'a/index': numbers([1, 3]),
        'a/cluster/k': numbers([0, 1]),
        'b/index': numbers([1, 2]),
        'b/cluster/k': numbers([7, 8]),
      }),
    )
    expect(stored).toEqual([
      ['clustering Spectral · k · a', { 0: '0', 2: '1' }],
      ['clustering Spectral · k · b', { 0: '7', 1: '8' }],
    ])
  })

  test('of named maps without numbers go by the place of each name among the sorted ones', async () => {
    const named = (files: Hdf5Content = {}) =>
      Object.fromEntries(Object.entries(files).map(([name, own]) => [name.replace('bird', 'cat-a'), own]))
    const { 'inputs.h5': inputs, 'attributions.h5': maps } = groupLayout()
    const stored = await imported({
      ...analysedFiles({ 'all/index': numbers([0, 1, 2]), 'all/cluster/k': numbers([5, 6, 7]) }),
      ...{ 'inputs.h5': named(inputs), 'attributions.h5': named(maps) },
    })
    // Names are cat-a/1, cat/10, cat/2 in order; samples come as people count: cat-a/1, cat/2, cat/10.
    expect(stored).toEqual([['clustering Spectral · k', { 0: '5', 1: '7', 2: '6' }]])
  })

  test('of two methods are each of the maps of its own method, by the numbers of its own file', async () => {
    const path = fresh('.heatproof')
    const { engine, run } = importEngine(root, path)
    const { 'attributions.h5': maps } = arrayLayout()
    const lrp = PROJECT.attributions.attribution_method
    const ig = { ...PROJECT.attributions, attribution_method: 'IG', sources: ['ig.h5'] }
    const analyses = [{ analysis_method: 'Spectral', sources: ['ig-analysis.h5'] }]
    const source = await writeVirelay(fresh(), {
      ...analysedFiles({ 'all/index': numbers([1, 2, 3]), 'all/cluster/k': numbers([0, 1, 2]) }),
      'ig.yaml': projectFile({ attributions: ig, analyses }),
      'ig.h5': { ...maps, index: numbers([3, 2, 1]), label: numbers([2, 1, 0]) },
      'ig-analysis.h5': { 'all/index': numbers([3, 2, 1]), 'all/cluster/k': numbers([5, 6, 7]) },
    })
    expect(await run(source)).toMatchObject({ error: null, status: 'done' })
    await engine.close()
    const workspace = openWorkspace(path)
    const rows = workspace.database
      .prepare(
        `SELECT map_analyses.name || ': ' || method || ' ' || position || ' ' || cluster FROM map_analyses
         JOIN map_analysis_rows ON analysis_id = map_analyses.id JOIN maps ON maps.id = map_id
         JOIN samples ON samples.id = sample_id ORDER BY method, position`,
      )
      .pluck()
      .all()
    workspace.close()
    expect(rows).toEqual([
      ...['0 7', '1 6', '2 5'].map((row) => `IG · Spectral · k: import:IG ${row}`),
      ...['0 0', '1 1', '2 2'].map(
        (row) => `${lrp} · Spectral · k: import:${lrp.replaceAll(' ', '-')} ${row}`,
      ),
    ])
  })

  test('of maps that are there already come in with a second import', async () => {
    const path = fresh('.heatproof')
    const { engine, run } = importEngine(root, path)
    await run(await writeVirelay(fresh(), virelayFiles()))
    expect(await run(await writeVirelay(fresh(), analysedFiles()))).toMatchObject({ status: 'done' })
    await engine.close()
    expect(storedIn(path)).toHaveLength(4)
  })

  test('leave in an audited set and come back from it, also those of a second import: the same bytes', async () => {
    const open = () => importEngine(root, fresh('.heatproof'))
    const written = async ({ engine }: ReturnType<typeof open>) => {
      const request = requestFor(root, { images: false, include: 'any' })
      const { jobId } = await engine.handlers['exports.start'](request)
      expect(await engine.waitFor(jobId)).toMatchObject({ error: null, status: 'done' })
      await engine.close()
      const moved = fresh()
      renameSync(join(root, request.name), moved)
      return moved
    }
    const first = open()
    await first.run(await writeVirelay(fresh(), virelayFiles()))
    await first.run(await writeVirelay(fresh(), analysedFiles()))
    const set = await written(first)
    const second = open()
    expect(await second.run(set)).toMatchObject({ error: null, status: 'done' })
    expect(await listFolder(await written(second))).toEqual(await listFolder(set))
    expect(storedIn(second.path)).toEqual(storedIn(first.path))
    expect(storedIn(second.path)).toHaveLength(4)
  })

  test.each([
    ['of all maps', analysedFiles()],
    [
      'of several categories',
      analysedFiles({
        'n0/index': numbers([1]),
        'n0/cluster/k': numbers([0]),
        'n0/embedding/tsne': floats([1, 2], Float32Array.of(1, 2)),
        'n1/index': numbers([2, 3]),
        'n1/cluster/k': numbers([0, 7]),
        'n1/embedding/tsne': floats([2, 2], values(4)),
      }),
    ],
    [
      'of categories that share maps',
      analysedFiles({
        'a/index': numbers([1, 3]),
        'a/cluster/k': numbers([0, 1]),
        'b/index': numbers([1, 2]),
        'b/cluster/k': numbers([7, 8]),
      }),
    ],
  ])('%s leave in an export for ViRelAy and come back from it', async (_, files) => {
    const first = importEngine(root, fresh('.heatproof'))
    await first.run(await writeVirelay(fresh(), files))
    const request = requestFor(root, { form: 'virelay', name: `virelay-${(count += 1)}` })
    const { jobId } = await first.engine.handlers['exports.start'](request)
    expect(await first.engine.waitFor(jobId)).toMatchObject({ error: null, status: 'done' })
    await first.engine.close()
    const second = importEngine(root, fresh('.heatproof'))
    expect(await second.run(join(root, request.name), { inputLayout: 'nhwc' })).toMatchObject({
      ...{ error: null, status: 'done' },
    })
    await second.engine.close()
    const inOrder = (path: string) =>
      Object.fromEntries(storedIn(path).filter(([name]) => !name.includes(' Verdicts · ')))
    expect(Object.keys(inOrder(first.path)).length).toBeGreaterThan(1)
    expect(inOrder(second.path)).toEqual(inOrder(first.path))
  })

  test('are whole after an engine that stopped in between', async () => {
    const path = fresh('.heatproof')
    const source = await writeVirelay(fresh(), manyFiles(1000))
    const { engine } = importEngine(root, path)
    await engine.handlers['imports.start']({ path: source, options: {}, createdBy: 'Ada' })
    while ((await engine.handlers['workspace.summary']({})).counts.maps === 0) await setImmediate()
    await engine.close()
    expect(Object.keys(storedIn(path)[0]?.[1] ?? {}).length).toBeLessThan(1000)
    const next = openEngine({ workspacePath: path, folders: [root], workers: 1 })
    expect(await next.waitFor(1)).toMatchObject({ status: 'done', error: null })
    await next.close()
    const clusters = Array.from({ length: 1000 }, (_, index) => [index, String(index % 7)])
    expect(storedIn(path)).toEqual([['clustering Spectral · k', Object.fromEntries(clusters)]])
  })

  test.each([
    ['of the maps themselves', []],
    ['that spoke of maps of another one', [virelayFiles()]],
  ])('go with a run that is deleted, %s', async (_, before) => {
    const path = fresh('.heatproof')
    const { engine, run } = importEngine(root, path)
    for (const files of [...before, analysedFiles()]) await run(await writeVirelay(fresh(), files))
    const { jobId } = await engine.handlers['runs.remove']({ id: before.length + 1 })
    expect(await engine.waitFor(jobId)).toMatchObject({ status: 'done' })
    await engine.close()
    expect(rowsIn(path)).toEqual([0, 0])
  })

  test('go with an import that is cancelled, and so does its run', async () => {
    const path = fresh('.heatproof')
    const { engine } = importEngine(root, path)
    const { handlers } = engine
    const source = await writeVirelay(fresh(), manyFiles(1000))
    const { jobId } = await handlers['imports.start']({ path: source, options: {}, createdBy: 'Ada' })
    while ((await handlers['workspace.summary']({})).counts.maps === 0) await setImmediate()
    await handlers['jobs.cancel']({ id: jobId })
    expect(await engine.waitFor(jobId)).toMatchObject({ status: 'cancelled' })
    const { counts } = await handlers['workspace.summary']({})
    expect(counts).toMatchObject({ samples: 0, models: 0, runs: 0, maps: 0 })
    await engine.close()
    expect(rowsIn(path)).toEqual([0, 0])
  })

  test('come back with a set where a verdict had kept them and their run was deleted', async () => {
    const { engine, run } = importEngine(root, fresh('.heatproof'))
    const { handlers } = engine
    await run(await writeVirelay(fresh(), virelayFiles()))
    await run(await writeVirelay(fresh(), analysedFiles()))
    const queueOf = async () =>
      (await handlers['review.createQueue'](QueueRequest.parse({ filter: {}, order: 'worst_first' }))).id
    const asked = { queueId: await queueOf(), groups: 2, seed: 1, analysisId: 1, reviewer: 'Ada', index: 0 }
    const verdict = {
      maps: 3,
      requestId: null,
      verdict: 'accept' as const,
      modes: [],
      note: '',
      blind: false,
    }
    const items = await handlers['groups.items']({ ...asked, offset: 0, limit: 9 })
    const lookedAt = items.map(({ mapId }) => mapId)
    await handlers['groups.decide']({ ...asked, ...verdict, lookedAt, leftOut: [] })
    const request = requestFor(root, { name: 'kept', images: false, include: 'any' })
    await engine.waitFor((await handlers['exports.start'](request)).jobId)
    await engine.waitFor((await handlers['runs.remove']({ id: 2 })).jobId)
    expect(await handlers['groups.sources']({ queueId: await queueOf() })).toEqual([])
    expect(await run(join(root, 'kept'))).toMatchObject({ error: null, status: 'done' })
    const sources = await handlers['groups.sources']({ queueId: await queueOf() })
    expect(sources.map(({ kind, maps }) => [kind, maps])).toEqual([
      ['clustering', 3],
      ['clustering', 3],
      ['embedding', 3],
      ['embedding', 3],
    ])
    await engine.close()
  })
})

test('groups by an analysis are formed anew once an import brought it more maps', async () => {
  const from = importEngine(root, fresh('.heatproof'))
  const maps = await writeVirelay(fresh(), virelayFiles())
  await from.run(maps)
  await from.run(await writeVirelay(fresh(), analysedFiles()))
  for (const [name, filter] of [
    ['first-map', { label: [0] }],
    ['all-maps', {}],
  ] satisfies [string, ExportRequest['filter']][]) {
    const request = requestFor(root, { name, images: false, include: 'any', filter })
    await from.engine.waitFor((await from.engine.handlers['exports.start'](request)).jobId)
  }
  await from.engine.close()
  const { engine, run } = importEngine(root, fresh('.heatproof'))
  await run(maps)
  const wanted = QueueRequest.parse({ filter: {}, order: 'worst_first' })
  const { id: queueId } = await engine.handlers['review.createQueue'](wanted)
  const formed = async () => {
    const [source] = await engine.handlers['groups.sources']({ queueId })
    const asked = { queueId, groups: 2, seed: 1, analysisId: source?.id ?? 0, reviewer: 'Ada' }
    const groups = await engine.handlers['groups.form'](asked)
    return [groups.maps, groups.without]
  }
  expect(await run(join(root, 'first-map'))).toMatchObject({ error: null })
  expect(await formed()).toEqual([1, 2])
  expect(await run(join(root, 'all-maps'))).toMatchObject({ error: null })
  expect(await formed()).toEqual([3, 0])
  await engine.close()
})

describe('bad analyses are refused with their file and array, and nothing is stored', () => {
  const { expectRefused } = importEngine(root)
  const cases: [name: string, files: VirelayFiles, says: RegExp][] = [
    [
      'no numbers of maps',
      analysedFiles({ 'all/cluster/k': numbers([0, 0, 0]) }),
      /no 'all\/index' in .*analysis\.h5/,
    ],
    [
      'a number that no map has',
      analysedFiles(analysis({ 'all/index': numbers([3, 1, 0]) })),
      /the number 0 in .*analysis\.h5: all\/index/,
    ],
    [
      'a number that comes twice',
      analysedFiles(analysis({ 'all/index': numbers([3, 1, 3]) })),
      /the number 3 twice in .*all\/index/,
    ],
    [
      'a cluster too few',
      analysedFiles(analysis({ 'all/cluster/dbscan': numbers([0, 1]) })),
      /shape \[2\] in .*analysis\.h5: all\/cluster\/dbscan; expected \[3\]/,
    ],
    [
      'clusters that are no numbers of clusters',
      analysedFiles(analysis({ 'all/cluster/dbscan': floats([3], Float32Array.of(0, 0.5, 1)) })),
      /the cluster 0\.5 of sample 1 in .*all\/cluster\/dbscan/,
    ],
    [
      'NaN in an embedding',
      analysedFiles(analysis({ 'all/embedding/tsne': floats([3, 2], Float32Array.of(0, 1, 2, 3, NaN, 5)) })),
      /NaN in sample 2 of .*analysis\.h5: all\/embedding\/tsne, at value 0/,
    ],
    [
      'an embedding of too many maps',
      analysedFiles(analysis({ 'all/embedding/tsne': floats([4, 2], values(8)) })),
      /shape \[4, 2\] in .*all\/embedding\/tsne; expected \[3, 1 to 1024 dimensions\]/,
    ],
    [
      'an embedding without dimensions',
      analysedFiles(analysis({ 'all/embedding/tsne': floats([3], values(3)) })),
      /shape \[3\] in .*all\/embedding\/tsne/,
    ],
    [
      'an array in the place of a category',
      analysedFiles({ index: numbers([3, 1, 2]) }),
      /no 'index\/index' in .*analysis\.h5/,
    ],
    [
      'an analysis without a method',
      { ...analysedFiles(), 'project.yaml': projectFile({ analyses: [{ sources: ['analysis.h5'] }] }) },
      /project\.analyses\.0\.analysis_method/,
    ],
    [
      'a category in two sources',
      {
        ...analysedFiles(),
        'project.yaml': projectFile({ analyses: [...ANALYSES, ...ANALYSES] }),
      },
      /a second analysis of 'all' in .*analysis\.h5/,
    ],
    ['a file that is none', { ...analysedFiles(), 'analysis.h5': 'none' }, /not HDF5 in .*analysis\.h5/],
  ]
  test.each(cases)('%s', async (_, files, says) => {
    await expectRefused(await writeVirelay(fresh(), files), says)
  })
})
