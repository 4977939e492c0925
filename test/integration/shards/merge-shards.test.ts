import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { loadDataset } from '../../../src/engine/data/datasets.ts'
import { mergeShards } from '../../../src/engine/jobs/merge-shards.ts'
import { writeShard } from '../../../src/engine/exchange/shards/write-shard.ts'
import { sha256 } from '../../../src/engine/exchange/sha256.ts'
import { openWorkspace, type Workspace } from '../../../src/engine/workspace/open.ts'
import { getRun, listRuns } from '../../../src/engine/workspace/runs.ts'
import { fillWorkspace } from '../../../src/hosts/bench/generated-workspace.ts'
import { RunRequest } from '../../../src/shared/contract/runs.ts'
import { rejectionOf } from '../../support/errors.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const root = temporaryFolder()
const METHODS = ['sa', 'dtd']
const SAMPLES = 7
/** Everything of a map but its id, its run and its time, and its scores with it. */
const CONTENT = `
  SELECT sample_id, model_id, method, target, target_kind, seed, logit, started, total, absolute, low, high, conservation,
    state, checks_json, hex(shares), hex(shares_positive), hex(pixel_scores), hex("values"),
    (SELECT json_group_array(metric || value || state) FROM scores WHERE map_id = maps.id),
    (SELECT hex(logits) || predicted FROM predictions
     WHERE predictions.model_id = maps.model_id AND predictions.sample_id = maps.sample_id)
  FROM maps JOIN map_values ON map_values.map_id = maps.id WHERE method IN ('sa', 'dtd') ORDER BY 1, 2, 3`

let shards: string[] = []
let content: unknown[] = []
let target: Workspace

/** A workspace that has the samples and models, and maps of another method. */
function emptyTarget(seed = 0): Workspace {
  const workspace = openWorkspace(join(mkdtempSync(join(root, 'target-')), 'target.heatproof'), {
    create: true,
  })
  fillWorkspace(workspace, { samples: SAMPLES, methods: ['gb'], seed })
  return workspace
}

async function writeParts(workspace: Workspace, runId: number, modelIds: number[], of: number) {
  const run = getRun(workspace.database, runId)
  if (run === undefined) throw new Error('no run')
  const request = RunRequest.parse({
    ...{ modelIds, methods: METHODS, dataset: 'mnist-3-digits-maj', count: SAMPLES, seed: 0 },
  })
  const files: string[] = []
  for (let index = 1; index <= of; index += 1) {
    const file = join(root, `part-${index}-of-${of}.jsonl`)
    await writeShard(workspace.database, { run, request, shard: { index, of }, file })
    files.push(file)
  }
  return files
}

beforeAll(async () => {
  const workspace = openWorkspace(join(root, 'source.heatproof'), { create: true })
  const { runId, modelIds } = fillWorkspace(workspace, { samples: SAMPLES, methods: METHODS })
  content = workspace.database.prepare(CONTENT).raw().all()
  shards = await writeParts(workspace, runId, modelIds, 3)
  await writeParts(workspace, runId, modelIds, 2)
  workspace.close()
})

beforeEach(() => (target = emptyTarget()))
afterEach(() => target.close())

const merge = (...files: string[]) => mergeShards({ database: target.database, data: loadDataset, files })
const part = (index: number) => shards[index - 1] ?? ''
const runCount = () => listRuns(target.database).length
const merged = () => target.database.prepare(CONTENT).raw().all()

async function refusal(...files: string[]) {
  const before = [runCount(), merged().length]
  const error = await rejectionOf(merge(...files))
  expect([runCount(), merged().length]).toEqual(before)
  return error
}

test('shards come in once each, in any order, bit by bit, as one run that ends with the last', async () => {
  const [first] = await merge(part(3), part(1))
  expect(first).toMatchObject({ maps: 20, present: 0, shards: 2, of: 3 })
  expect(getRun(target.database, first?.runId ?? 0)?.finishedAt).toBeNull()
  const [second] = await merge(part(2))
  expect(second).toMatchObject({ runId: first?.runId, maps: 8, shards: 3 })
  expect(getRun(target.database, first?.runId ?? 0)?.finishedAt).not.toBeNull()
  expect(content).toHaveLength(28)
  expect(merged()).toEqual(content)
})

test('a shard that is there, or is given twice, is refused with all that came with it', async () => {
  await merge(part(2))
  expect(await refusal(part(1), part(2))).toMatchObject({ code: 'conflict' })
  expect((await refusal(part(3), part(3))).found).toContain('part 3 of 3')
  expect((await refusal(part(1).replace('of-3', 'of-2'))).expected).toContain('parts of 3')
})

test.each<[string, (bytes: Buffer) => Buffer]>([
  ['cut short', (bytes) => bytes.subarray(0, bytes.length - 200)],
  ['cut at a line', (bytes) => bytes.subarray(0, bytes.lastIndexOf(10, bytes.length - 2) + 1)],
  ['with a changed value', (bytes) => Buffer.from(bytes.toString().replace('"total":', '"total":1'))],
  ['without an entry', (bytes) => Buffer.from(bytes.toString().replace(/\n\{"model".*?\n/, '\n'))],
  ['that is empty', () => Buffer.alloc(0)],
  ['that is no shard', () => Buffer.from('{"format":"zip"}\n{}\n')],
])('a file %s is refused as damaged', async (_, damage) => {
  const file = join(root, 'damaged.jsonl')
  writeFileSync(file, damage(readFileSync(part(1))))
  expect(await refusal(part(2), file)).toMatchObject({ code: 'bad_file', exitCode: 2 })
})

test('entries twice or of another part are refused, though the hash is right', async () => {
  const lines = readFileSync(part(1), 'utf8').trimEnd().split('\n').slice(0, -1)
  const other = readFileSync(part(2), 'utf8').split('\n')[1] ?? ''
  for (const entry of [lines[1] ?? '', other]) {
    const body = `${[...lines, entry].join('\n')}\n`
    const file = join(root, 'forged.jsonl')
    writeFileSync(file, `${body}${JSON.stringify({ entries: lines.length, sha256: sha256(body) })}\n`)
    expect((await refusal(file)).expected).toContain('each entry once, of part 1 of 3')
  }
})

test('a shard of other models or inputs is refused as foreign', async () => {
  const here = target
  target = openWorkspace(join(mkdtempSync(join(root, 'bare-')), 'bare.heatproof'), { create: true })
  expect((await refusal(part(1))).found).toContain('maps of the model deep-mnist')
  target.close()
  target = here
  target.database.prepare('UPDATE samples SET input = zeroblob(length(input)) WHERE position = 0').run()
  expect((await refusal(part(2), part(1))).found).toContain('another input as sequence 0')
})
