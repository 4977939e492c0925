import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { useBackend } from '../../../src/engine/compute/backend.ts'
import { openEngine } from '../../../src/engine/engine.ts'
import { explainBatch } from '../../../src/engine/explainers/explain-batch.ts'
import { prepareAnyModel, writeAnyModel } from '../../../src/engine/graph/any-model.ts'
import type { GraphModel } from '../../../src/engine/graph/graph-model.ts'
import { float32FromBlob } from '../../../src/engine/workspace/blobs.ts'
import { getMapBytes, getPrediction, listMaps } from '../../../src/engine/workspace/maps.ts'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import { listSamples, type StoredSample } from '../../../src/engine/workspace/samples.ts'
import { selectAll } from '../../../src/engine/workspace/statements.ts'
import { fillWorkspace } from '../../../src/hosts/bench/generated-workspace.ts'
import type { RecomputedSet } from '../../../src/hosts/command-support/recompute-set.ts'
import type { SetRunRequest } from '../../../src/shared/contract/runs.ts'
import { requestFor } from '../exports/audited-workspace.ts'
import { float32, int32, values, writeFolder } from '../imports/array-fixture.ts'
import { NETWORK_CLASSES, smallNetwork } from '../support/small-network.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const COUNT = 5
const METHODS = ['dtd', 'sa', 'gi', 'lrp_eps', 'ig:4', 'occlusion:16', 'smoothgrad:2', 'random']
const folder = temporaryFolder()
const workspacePath = join(folder, 'sets.heatproof')

const COLOUR = { name: 'colour', rows: 32, columns: 32, channels: 3 }
const GREY = { name: 'grey', rows: 64, columns: 48, channels: 1 }
const NETWORKS = [smallNetwork(COLOUR), smallNetwork(GREY, [0, 255])]

/** Images of a size with labels and one region that holds the evidence; the maps that came along are of no interest here. */
function imagesOf({ name, rows, columns, channels }: typeof COLOUR, labels: number[]): string {
  const shape = [COUNT, rows, columns, ...(channels === 1 ? [] : [channels])]
  return writeFolder(join(folder, name), {
    'inputs.npy': float32(shape, values(COUNT * rows * columns * channels, rows)),
    'labels.npy': int32([COUNT], labels),
    'predictions.npy': int32([COUNT], labels),
    'maps/old.npy': float32([COUNT, rows, columns], values(COUNT * rows * columns)),
    'regions.json': JSON.stringify([{ name: 'object', box: { row: 0, column: 0, height: 16, width: 16 } }]),
  })
}

/** The request that each network was explained by. */
const requests = new Map<string, SetRunRequest & { runId: number }>()
/** What was said of requests that do not go together, in the order of {@link WRONG}. */
const refusals: string[] = []

const WRONG: readonly [
  what: string,
  change: (sets: Record<string, number>) => Partial<SetRunRequest>,
  says: RegExp,
][] = [
  [
    'samples of another size',
    ({ grey }) => ({ sampleSetId: grey ?? 0 }),
    /the model colour, which reads 32 x 32 x 3 pixels; expected models that read 64 x 48, the size of the samples of grey/,
  ],
  ['more samples than there are', () => ({ count: COUNT + 1 }), /6 samples of colour.*at most its 5 samples/],
  ['a set that is not there', () => ({ sampleSetId: 99 }), /no sample set 99/],
  ['a class that the model lacks', () => ({ target: 3 }), /the target 3 for the model colour.*from 0 to 2/],
  [
    'labels that the model does not know',
    ({ labelled }) => ({ sampleSetId: labelled ?? 0 }),
    /samples of labelled with the label 7 for the model colour; expected labels from 0 to 2/,
  ],
]

beforeAll(async () => {
  const engine = openEngine({ workspacePath, create: true, folders: [folder], workers: 1, backend: 'wasm' })
  const { handlers } = engine
  const bring = async (size: typeof COLOUR, labels: number[]) => {
    const request = { path: imagesOf(size, labels), options: {}, createdBy: 'Ada' }
    expect(await engine.waitFor((await handlers['imports.start'](request)).jobId)).toMatchObject({
      error: null,
    })
  }
  try {
    await bring(COLOUR, [0, 1, 2, 0, 1])
    await bring(GREY, [0, 1, 2, 0, 1])
    await bring({ ...COLOUR, name: 'labelled' }, [0, 1, 2, 0, 7])
    const sets = Object.fromEntries(
      (await handlers['runs.inputs']({})).sets.map(({ id, name }) => [name, id]),
    )
    for (const network of NETWORKS) {
      const { name } = network
      const base64 = Buffer.from(writeAnyModel(network)).toString('base64')
      const file = { fileName: `${name}.safetensors`, base64, layout: 'heatproof' } as const
      const { id } = await handlers['models.import'](file)
      const request: SetRunRequest = {
        ...{ modelIds: [id], methods: METHODS, sampleSetId: sets[name] ?? 0, count: COUNT, target: 'label' },
      }
      expect(await handlers['runs.estimateOnSet'](request)).toMatchObject({ maps: 40, present: 0 })
      const { runId, jobId } = await handlers['runs.startOnSet'](request)
      expect(await engine.waitFor(jobId)).toMatchObject({ status: 'done', error: null })
      expect(await handlers['runs.estimateOnSet'](request)).toMatchObject({ maps: 40, present: 40 })
      expect(await handlers['runs.estimateOnSet']({ ...request, count: 3 })).toMatchObject({ maps: 24 })
      expect(await handlers['runs.get']({ id: runId })).toMatchObject({ maps: 40, mapsExpected: 40 })
      requests.set(name, { ...request, runId })
    }
    const fine = requests.get('colour')
    for (const [, change] of fine === undefined ? [] : WRONG) {
      const start = async () => handlers['runs.startOnSet']({ ...fine, ...change(sets) } as SetRunRequest)
      refusals.push(
        await start().then(
          () => 'started',
          (error: unknown) => (error instanceof Error ? error.message : ''),
        ),
      )
    }
    const known = { ...fine, sampleSetId: sets['labelled'] ?? 0, count: COUNT - 1 } as SetRunRequest
    expect(await handlers['runs.estimateOnSet'](known)).toMatchObject({ maps: 32 })
    const { jobId } = await handlers['exports.start'](requestFor(folder, { images: false }))
    expect(await engine.waitFor(jobId)).toMatchObject({ status: 'done', error: null })
  } finally {
    await engine.close()
  }
}, 60_000)

test('sets are offered with their size, models with what they read', async () => {
  const engine = openEngine({ workspacePath, folders: [folder], workers: 1, backend: 'wasm' })
  const { sets, models } = await engine.handlers['runs.inputs']({})
  const runs = await engine.handlers['runs.list']({})
  await engine.close()
  for (const { name, ...size } of [COLOUR, GREY]) {
    expect(sets).toContainEqual({
      ...size,
      name,
      dataset: name,
      count: COUNT,
      id: requests.get(name)?.sampleSetId,
    })
    expect(models).toContainEqual({ ...size, classes: NETWORK_CLASSES, id: requests.get(name)?.modelIds[0] })
  }
  expect(runs.map(({ imported }) => imported)).toEqual([false, false, true, true, true])
})

describe.each(NETWORKS.map((network) => [network.name, network] as const))(
  'a run on %s images',
  (name, network) => {
    test('has the maps, scores and answers that the network gives for them', async () => {
      const workspace = openWorkspace(workspacePath)
      const { database } = workspace
      const { runId = 0, sampleSetId = 0, modelIds: [modelId = 0] = [] } = requests.get(name) ?? {}
      const samples = listSamples(database, sampleSetId, { limit: COUNT })
      const found = await explained(network, samples)
      const ids = selectAll(
        database,
        z.object({ id: z.int() }),
        'SELECT id FROM maps WHERE run_id = @runId',
        { runId },
      )
      const maps = listMaps(
        database,
        ids.map(({ id }) => id),
      )
      expect(maps).toHaveLength(COUNT * METHODS.length)
      const seeds = selectAll(database, z.object({ seed: z.int() }), 'SELECT DISTINCT seed FROM maps')
      expect(seeds, 'as imported maps').toEqual([{ seed: 0 }])
      const pixels = network.rows * network.columns
      for (const { id, method, sampleId, shares, pixelScores } of maps) {
        const index = samples.findIndex((sample) => sample.id === sampleId)
        const expected = found.methods.get(method)?.maps.slice(index * pixels, (index + 1) * pixels)
        expect(float32FromBlob(getMapBytes(database, id) ?? new Uint8Array()), method).toEqual(expected)
        expect(shares, method).toHaveLength(2)
        expect(pixelScores?.find(({ metric }) => metric === 'mass_accuracy')?.value, method).not.toBeNull()
      }
      for (const [index, { id }] of samples.entries()) {
        const logits = found.logits.slice(index * NETWORK_CLASSES, (index + 1) * NETWORK_CLASSES)
        const answer = getPrediction(database, modelId, id)
        expect(float32FromBlob(answer?.logits ?? new Uint8Array())).toEqual(logits)
        expect(answer?.predicted).toBe(logits.indexOf(Math.max(...logits)))
      }
      workspace.close()
    })
  },
)

async function explained(network: GraphModel, samples: readonly StoredSample[]) {
  await useBackend('wasm')
  const model = prepareAnyModel(network)
  const length = samples[0]?.input.length ?? 0
  const images = new Float32Array(samples.length * length)
  for (const [index, { input }] of samples.entries()) images.set(input, index * length)
  const targets = samples.map(({ label }) => label)
  const sampleIndices = samples.map(({ provenance }) => provenance.sequence)
  const found = await explainBatch(model, { images, targets, sampleIndices }, METHODS)
  model.dispose()
  return found
}

test.each(WRONG.map(([what, , says], index) => [what, says, index] as const))(
  'refuses %s',
  (_, says, index) => {
    expect(refusals[index]).toMatch(says)
  },
)

test('an audited set of such runs is computed again, network by network, and is the same', () => {
  const cli = fileURLToPath(new URL('../../../src/hosts/cli.ts', import.meta.url))
  const args = ['verify', join(folder, 'set'), '--recompute', '--backend', 'wasm', '--json']
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  const { recomputed } = JSON.parse(stdout) as { recomputed: RecomputedSet }
  const own = recomputed.maps.filter(({ reason }) => reason === null)
  expect(own).toHaveLength(2 * METHODS.length)
  for (const { model, method, compared, difference } of own) {
    expect(compared, `${model} ${method}`).toBe(COUNT)
    expect(difference, `${model} ${method}`).toBeLessThan(1e-6)
  }
})

test('runs keep their samples and maps when the imports that brought them are deleted', async () => {
  const path = join(folder, 'deleted.heatproof')
  const engine = openEngine({ workspacePath: path, create: true, folders: [folder], workers: 1 })
  const { handlers } = engine
  const set = { path: join(folder, 'set'), options: {}, createdBy: 'Ada' }
  await engine.waitFor((await handlers['imports.start'](set)).jobId)
  for (const { id, imported } of await handlers['runs.list']({})) {
    if (!imported) continue
    const { jobId } = await handlers['runs.remove']({ id })
    expect(await engine.waitFor(jobId)).toMatchObject({ status: 'done', error: null })
  }
  expect(await handlers['runs.list']({})).toMatchObject([1, 2].map(() => ({ maps: 40, mapsExpected: 40 })))
  expect((await handlers['runs.inputs']({})).sets.map(({ name }) => name)).toEqual([
    'colour',
    'grey',
    'labelled',
  ])
  await engine.close()
})

test('sets that were drawn here are neither offered nor taken', async () => {
  const path = join(folder, 'drawn.heatproof')
  const workspace = openWorkspace(path, { create: true })
  const { modelIds } = fillWorkspace(workspace, { samples: 2, methods: ['sa'] })
  // Their weights are no networks, which is of no interest here.
  workspace.database.exec("UPDATE models SET architecture = 'external'")
  workspace.close()
  const engine = openEngine({ workspacePath: path, folders: [folder], workers: 1 })
  expect((await engine.handlers['runs.inputs']({})).sets).toEqual([])
  const wanted = { modelIds, methods: ['gi'], sampleSetId: 1, count: 2, target: 'label' as const }
  const start = async () => engine.handlers['runs.startOnSet'](wanted)
  await expect(start()).rejects.toThrow('which was drawn here')
  await engine.close()
})

test('such runs come back from their set into a workspace with sets of its own, and ask for what they have', async () => {
  const path = join(folder, 'other.heatproof')
  const engine = openEngine({ workspacePath: path, create: true, folders: [folder], workers: 1 })
  const bring = async (source: string) => {
    const { jobId } = await engine.handlers['imports.start']({ path: source, options: {}, createdBy: 'Ada' })
    return engine.waitFor(jobId)
  }
  await bring(imagesOf({ ...GREY, name: 'its own' }, [0, 1, 2, 0, 1]))
  expect(await bring(join(folder, 'set'))).toMatchObject({ status: 'done', error: null })
  await engine.close()
  const workspace = openWorkspace(path)
  const rows = selectAll(
    workspace.database,
    z.object({ sets: z.string(), asked: z.string(), models: z.string() }),
    `SELECT sample_set_id || model_ids_json AS sets, request_json ->> 'sampleSetId' || (request_json -> 'modelIds') AS asked,
       (SELECT group_concat(id) FROM models) AS models FROM runs WHERE request_json ->> 'sampleSetId' IS NOT NULL`,
  )
  workspace.close()
  expect(rows).toHaveLength(2)
  for (const { sets, asked } of rows) expect(asked).toBe(sets)
})
