import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import h5wasm, { Dataset } from 'h5wasm/node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { ensureMapAnalyses, insertMapAnalysisRows } from '../../../../src/engine/workspace/map-analyses.ts'
import { getMapBytes, getPrediction, listMaps } from '../../../../src/engine/workspace/maps.ts'
import { float32FromBlob } from '../../../../src/engine/workspace/blobs.ts'
import { getSample } from '../../../../src/engine/workspace/samples.ts'
import { fillWorkspace } from '../../../../src/hosts/bench/generated-workspace.ts'
import { pythonWith, runPython } from '../../../support/python.ts'
import { titled } from '../../../support/skip-reason.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { formWorkspace } from './form-workspace.ts'

const root = temporaryFolder()
const PYTHON = pythonWith('virelay.model')
let audited: ReturnType<typeof formWorkspace>
let path = ''
beforeAll(async () => {
  await h5wasm.ready
  audited = formWorkspace(root)
  path = (await audited.write('virelay')).path
})
afterAll(() => audited.close())

/** Shape and values of an array of an HDF5 file. */
function readArray(file: string, name: string): { shape: number[]; values: number[] } {
  const hdf5 = new h5wasm.File(join(path, file), 'r')
  try {
    const array = hdf5.get(name)
    if (!(array instanceof Dataset) || array.value === null) throw new Error(`no array ${name}`)
    return { shape: array.shape ?? [], values: Array.from(array.value as ArrayLike<number>) }
  } finally {
    hdf5.close()
  }
}

function projects(): string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('project.yaml'))
    .sort()
}

test('inputs stand in three channels with their labels', () => {
  const { shape, values } = readArray('input.h5', 'data')
  expect(shape).toEqual([2, 28, 84, 3])
  const [first, second] = [1, 2].map((id) => getSample(audited.database, id))
  const grey = values.filter((_, index) => index % 3 === 0)
  expect(grey).toEqual([...(first?.input ?? []), ...(second?.input ?? [])])
  expect(readArray('input.h5', 'label').values).toEqual([first?.label, second?.label])
})

test('there is a project for each model and method, with its maps, logits and analysis', () => {
  expect(projects()).toHaveLength(6)
  const folder = projects()[0]?.replace('/project.yaml', '') ?? ''
  expect(parse(readFileSync(join(path, folder, 'project.yaml'), 'utf8'))).toMatchObject({
    project: {
      ...{
        name: 'virelay: deep-mnist-3-digits-maj-seq-12-fold-1, dtd',
        label_map: '../../../label-map.json',
      },
      dataset: { type: 'hdf5', path: '../../../input.h5' },
      attributions: { attribution_method: 'dtd', sources: ['attribution.h5'] },
      analyses: [{ sources: ['analysis.h5'] }],
    },
  })
  const maps = listMaps(audited.database, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]).filter(
    ({ modelId, method }) => modelId === 1 && method === 'dtd',
  )
  const attribution = readArray(`${folder}/attribution.h5`, 'attribution')
  expect(attribution.shape).toEqual([2, 28, 84, 1])
  expect(attribution.values).toEqual(
    maps.flatMap(({ id }) => [...float32FromBlob(getMapBytes(audited.database, id) ?? new Uint8Array())]),
  )
  const logits = maps.flatMap(({ modelId, sampleId }) => [
    ...float32FromBlob(getPrediction(audited.database, modelId, sampleId)?.logits ?? new Uint8Array()),
  ])
  expect(readArray(`${folder}/attribution.h5`, 'prediction').values).toEqual(logits)
  expect(readArray(`${folder}/attribution.h5`, 'index').values).toEqual([0, 1])
  const [map] = maps
  const label = getSample(audited.database, map?.sampleId ?? 0)?.label ?? -1
  const shares = readArray(`${folder}/analysis.h5`, `class-${label}/embedding/region_shares`)
  expect(shares.values.slice(0, 3)).toEqual(map?.shares)
})

test('what came in with maps stands beside the verdicts: one file a method and run, clusters by number', async () => {
  const other = formWorkspace(root)
  const { database } = other
  database.exec('UPDATE runs SET finished_at = created_at')
  const names = ['Spectral · sides', 'Spectral · k', 'Verdicts · consensus'] as const
  const [sides = 0, k = 0, verdicts = 0, places = 0] = ensureMapAnalyses(database, 1, [
    ...names.map((name) => ({ kind: 'clustering' as const, name, dimensions: 1 })),
    { kind: 'embedding', name: 'Spectral · tsne', dimensions: 2 },
  ])
  const maps = listMaps(database, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]).filter(
    ({ modelId, method }) => modelId === 1 && method === 'dtd',
  )
  insertMapAnalysisRows(
    database,
    maps.flatMap(({ id: mapId }, row) => [
      { analysisId: sides, mapId, cluster: ['right', 'left'][row] ?? '' },
      { analysisId: k, mapId, cluster: ['-1', '12'][row] ?? '' },
      { analysisId: verdicts, mapId, cluster: '0' },
      { analysisId: places, mapId, place: Float32Array.of(row, 0.5) },
    ]),
  )
  const before = path
  path = (await other.write('virelay')).path
  const folder = projects()[0]?.replace('/project.yaml', '') ?? ''
  expect(parse(readFileSync(join(path, folder, 'project.yaml'), 'utf8'))).toMatchObject({
    project: {
      analyses: [
        { analysis_method: 'Verdicts', sources: ['analysis.h5'] },
        { analysis_method: 'Spectral', sources: ['analysis-2.h5'] },
        { analysis_method: `Verdicts (run 1, ${verdicts})`, sources: ['analysis-3.h5'] },
      ],
    },
  })
  const read = (name: string) => readArray(`${folder}/analysis-2.h5`, `all/${name}`).values
  expect(read('index')).toEqual([0, 1])
  expect(read('cluster/sides')).toEqual([1, 0])
  expect(read('cluster/k')).toEqual([-1, 12])
  expect(read('embedding/tsne')).toEqual([0, 0.5, 1, 0.5])
  expect(readFileSync(join(path, projects()[1] ?? ''), 'utf8')).not.toContain('Spectral')
  path = before
  await other.close()
})

test('inputs of another size have files and projects of their own', async () => {
  const other = formWorkspace(root)
  fillWorkspace(other.workspace, { samples: 1, methods: ['sa'], seed: 1, rows: 14, columns: 42 })
  const before = path
  path = (await other.write('virelay')).path
  expect(readArray('input-2.h5', 'data').shape).toEqual([1, 14, 42, 3])
  const small = projects().filter((name) => name.includes('-2/'))
  expect(small).toHaveLength(2)
  for (const project of small)
    expect(readFileSync(join(path, project), 'utf8')).toContain('"../../../input-2.h5"')
  path = before
  await other.close()
})

test.skipIf(PYTHON === undefined)(
  titled("ViRelAy's own loader reads a project", PYTHON === undefined, 'no Python with virelay'),
  () => {
    const flagged = projects().find((name) => name.includes('deep-') && name.includes('a1.5b0.5')) ?? ''
    const read = runPython(
      PYTHON ?? '',
      `
import json, sys
from virelay.model import Project
project = Project(sys.argv[1])
[method] = project.get_analysis_methods()
categories = project.get_analysis_categories(method)
analysis = project.get_analysis(method, categories[0].name, 'consensus', 'region_shares')
attribution = project.get_attribution(int(analysis.attribution_indices[0]))
sample = project.get_sample(attribution.index)
print(json.dumps({
  'clusterings': project.get_analysis_clustering_names(method), 'axes': analysis.embedding.shape[1],
  'heatmap': attribution.render_heatmap('black-fire-red').shape, 'sum': float(attribution.data.sum(dtype='f8')),
  'prediction': len(attribution.prediction), 'sample': sample.data.shape, 'kind': str(sample.data.dtype),
  'same': [l.index for l in sample.labels] == [l.index for l in attribution.labels],
  'named': categories[0].human_readable_name != '',
}))`,
      join(path, flagged),
    )
    expect(read).toMatchObject({
      ...{ clusterings: ['consensus', 'failure_mode'], axes: 3, heatmap: [28, 84, 3] },
      ...{ prediction: 10, sample: [28, 84, 3], kind: 'uint8', same: true, named: true },
    })
  },
)
