import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Sqlite from 'better-sqlite3'
import { afterAll, describe, expect, test } from 'vitest'
import { openEngine } from '../../../src/engine/engine.ts'
import { decide, undoDecision } from '../../../src/engine/review/decisions.ts'
import { verifyAuditLog } from '../../../src/engine/workspace/audit-log.ts'
import { listMapIdentities, mapBytesAfter } from '../../../src/engine/workspace/map-identities.ts'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import { fillWorkspace } from '../../../src/hosts/bench/generated-workspace.ts'
import { rejectionOf } from '../../support/errors.ts'
import { requestFor } from '../exports/audited-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const CLI = fileURLToPath(new URL('../../../src/hosts/cli.ts', import.meta.url))
const root = temporaryFolder()
const NOTE = '=the “wrong” item;\n100 %, Ünïcode'
const bare = join(root, 'bare.heatproof')
const source = join(root, 'source.heatproof')
let made = 0
const fresh = (ending: string) => join(root, `${(made += 1)}${ending}`)

const DECISION = {
  ...{ requestId: null, reviewer: 'Ada', modes: [], note: '', box: null, queueId: null, blind: false },
}

function prepare() {
  const workspace = openWorkspace(bare, { create: true })
  fillWorkspace(workspace, { samples: 2, methods: ['dtd', 'sa'] })
  const maps = listMapIdentities(workspace.database, null)
  const hashes = mapBytesAfter(workspace.database, 0, 100).map(({ bytes }) =>
    createHash('sha256').update(bytes).digest('hex'),
  )
  workspace.close()
  cpSync(bare, source)
  const reviewed = openWorkspace(source)
  const { database } = reviewed
  decide(database, { ...DECISION, mapIds: [1, 2], verdict: 'accept' })
  decide(database, { ...DECISION, mapIds: [2], reviewer: '@sum', verdict: 'unsure', note: 'who knows' })
  decide(database, { ...DECISION, mapIds: [1], verdict: 'unsure', note: 'later' })
  decide(database, {
    ...{ ...DECISION, mapIds: [3], verdict: 'fail', modes: ['odd_item_focus', 'diffuse'], note: NOTE },
    box: { row: 4, column: 28, height: 20, width: 25 },
  })
  decide(database, { ...DECISION, mapIds: [4], verdict: 'accept' })
  undoDecision(database, 'Ada')
  reviewed.close()
  return { maps, hashes }
}
const { maps, hashes } = prepare()

function engineOn(path: string) {
  const engine = openEngine({ workspacePath: path, create: false, folders: [root], workers: 1 })
  afterAll(() => engine.close().catch(() => undefined))
  const ask = (file: string, by?: string) => ({
    ...{ path: file, options: {} },
    ...(by !== undefined && { createdBy: by }),
  })
  return {
    engine,
    inspect: (file: string, by?: string) =>
      Promise.resolve(engine.handlers['imports.inspect'](ask(file, by))),
    async import(file: string, by = 'Cleo') {
      const { jobId } = await engine.handlers['imports.start']({ ...ask(file), createdBy: by })
      return engine.waitFor(jobId)
    },
    records: () => engine.handlers['imports.list']({}),
  }
}

function copy(path = bare): string {
  const own = fresh('.heatproof')
  cpSync(path, own)
  return own
}

function written(ending: string, content: string | Uint8Array): string {
  const path = fresh(ending)
  writeFileSync(path, content)
  return path
}

/** What counts in a workspace, by map and reviewer. */
function said(path: string): unknown[] {
  const database = new Sqlite(path, { readonly: true })
  try {
    return database
      .prepare(
        `SELECT map_id, reviewer, verdict, modes_json, note, box_json, queue_id, probability, drawn_at_random, position, created_at
         FROM verdicts WHERE id IN (SELECT verdict_id FROM latest_verdicts) ORDER BY map_id, reviewer`,
      )
      .all()
  } finally {
    database.close()
  }
}

async function exported() {
  const { engine } = engineOn(source)
  const paths = new Map<string, string>()
  for (const form of ['set', 'label-studio', 'fiftyone'] as const) {
    const folder = fresh('')
    await mkdir(folder)
    engine.allowFolder(folder)
    const { jobId } = await engine.handlers['exports.start'](requestFor(folder, { form, images: false }))
    const job = await engine.waitFor(jobId)
    if (job.status !== 'done') throw new Error(job.error ?? job.status)
    paths.set(form, join(folder, 'set'))
  }
  await engine.close()
  return paths
}
const exports = await exported()
const OWN = [
  ['CSV', 'set', 'verdicts.csv', 'a table (CSV)'],
  ['JSON Lines', 'set', 'verdicts.jsonl', 'JSON Lines'],
  ['Label Studio', 'label-studio', 'tasks.json', 'Label Studio JSON'],
  ['FiftyOne', 'fiftyone', 'samples.json', 'FiftyOne samples'],
] as const

describe.each(OWN)('the verdicts of an export as %s', (_, form, name, kind) => {
  const file = join(exports.get(form) ?? '', name)

  test('come into a workspace without them as they were, once', async () => {
    const path = copy()
    const there = engineOn(path)
    const { format, facts, conflicts } = await there.inspect(file)
    expect([format, conflicts]).toEqual(['verdicts', []])
    expect(facts).toContainEqual({ name: 'file', value: kind })
    expect(facts).toContainEqual({
      ...{ name: 'verdicts', value: '4, of which 4 are new and 0 are there already' },
    })
    expect((await there.engine.handlers['workspace.summary']({})).counts.verdicts).toBe(0)
    expect(await there.import(file)).toMatchObject({ status: 'done', error: null })
    expect(await there.import(file)).toMatchObject({ status: 'done', error: null })
    expect(await there.records()).toMatchObject([
      { format: 'verdicts', source: name, counts: { verdicts: 0, 'verdicts known before': 4 } },
      { format: 'verdicts', createdBy: 'Cleo', counts: { verdicts: 4, 'verdicts known before': 0 } },
    ])
    await there.engine.close()
    expect(said(path)).toEqual(said(source))
    const workspace = openWorkspace(path)
    expect(verifyAuditLog(workspace.database).faults).toEqual([])
    workspace.close()
  })

  test('are all there already where they come from', async () => {
    const { conflicts, facts } = await engineOn(copy(source)).inspect(file)
    expect(conflicts).toEqual([])
    expect(facts).toContainEqual({
      ...{ name: 'verdicts', value: '4, of which 0 are new and 4 are there already' },
    })
  })
})

const there = engineOn(copy())

test('a spreadsheet names maps by hash, by sample name or place, and modes in any way', async () => {
  const path = copy()
  const own = engineOn(path)
  const [first, second] = maps
  const file = written(
    '.csv',
    [
      'Map ID;SHA256;Sample set;Sample position;Model;Method;Verdict;Modes;Note;Time;Box',
      `;${hashes[3] ?? ''};;;;;FAIL;"diffuse; other";;2026-03-01T14:05:00+02:00;1 2 3 4`,
      `;;${first?.sampleSet ?? ''};${first?.samplePosition ?? ''};${first?.model ?? ''};${first?.method ?? ''};accept;;good;;`,
      `${second?.mapId ?? ''};;;;;${second?.method ?? ''};Unsure;other;;;`,
    ].join('\r\n'),
  )
  const { conflicts, warnings, facts } = await own.inspect(file, 'Björn')
  expect([conflicts, warnings.length]).toEqual([[], 1])
  expect(facts).toContainEqual({ name: 'no reviewer', value: '3 verdicts, taken as given by Björn' })
  expect(await own.import(file, 'Björn')).toMatchObject({ status: 'done', error: null })
  await own.engine.close()
  const verdict = { reviewer: 'Björn', probability: null, drawn_at_random: 0, queue_id: null }
  expect(said(path)).toMatchObject([
    { ...verdict, map_id: first?.mapId, verdict: 'accept', note: 'good' },
    { ...verdict, map_id: second?.mapId, verdict: 'unsure', modes_json: '[]' },
    {
      ...{ ...verdict, map_id: 4, verdict: 'fail', modes_json: '["diffuse","other"]' },
      ...{ created_at: '2026-03-01T12:05:00.000Z' },
      box_json: '{"row":1,"column":2,"height":3,"width":4}',
    },
  ])
})

test('what somebody adds in Label Studio and FiftyOne comes in, under the names that these know', async () => {
  const tasks = [
    {
      id: 90,
      annotations: [
        {
          ...{ completed_by: 7, created_at: '2026-02-03T04:05:06.789012Z' },
          result: [
            { from_name: 'verdict', to_name: 'map', type: 'choices', value: { choices: ['fail'] } },
            {
              ...{ from_name: 'box', to_name: 'map', type: 'rectanglelabels' },
              value: { x: 0, y: 50, width: 25, height: 50, rectanglelabels: ['recency_bias'] },
            },
          ],
        },
        { completed_by: { id: 8, email: 'eve@example.org' }, was_cancelled: true, result: [{}] },
      ],
      data: { map_id: 4 },
    },
  ]
  const samples = {
    samples: [
      {
        field: { _cls: 'Heatmap', map_id: 4, verdict: 'accept', modes: [], note: 'fine', reviewer: 'Eve' },
        regions: { _cls: 'Detections', detections: [] },
      },
    ],
  }
  const path = copy()
  const own = engineOn(path)
  for (const content of [tasks, samples])
    expect(await own.import(written('.json', JSON.stringify(content)))).toMatchObject({ status: 'done' })
  await own.engine.close()
  expect(said(path)).toMatchObject([
    { reviewer: 'Eve', verdict: 'accept', note: 'fine' },
    {
      ...{ reviewer: 'Label Studio user 7', verdict: 'fail', modes_json: '["recency_bias"]' },
      ...{ created_at: '2026-02-03T04:05:06.789Z' },
      box_json: '{"row":14,"column":0,"height":14,"width":21}',
    },
  ])
})

describe('conflicts are listed and nothing is stored', () => {
  const reviewed = engineOn(copy(source))
  const csv = (...rows: string[]) =>
    written('.csv', ['map_id,model,reviewer,verdict,modes,time,box', ...rows].join('\n'))
  test.each([
    [
      'a newer verdict of the reviewer',
      ['2,,Ada,unsure,,2020-01-01T00:00:00Z,'],
      /line 2: Ada says unsure of map 2, but accept in the workspace since .* newer/,
    ],
    ['another verdict, without a time', ['2,,Ada,unsure,,,'], /the file says no time/],
    [
      'a verdict that was taken back since',
      ['4,,Ada,accept,,2020-01-01T00:00:00Z,'],
      /but withdrawn in the workspace/,
    ],
    [
      'rows that differ',
      ['4,,Ada,unsure,,,', '4,,Ada,accept,,,'],
      /line 2 and line 3: Ada says two different things of map 4/,
    ],
    ['an unknown map', ['999,,Ada,accept,,,'], /line 2: no map 999 in this workspace/],
    ['another model', ['4,nobody,Ada,accept,,,'], /map 4 is .* here, not model nobody/],
    ['no map', [',nobody,Ada,accept,,,'], /it names no map/],
    ['a box outside of its map', ['4,,Ada,fail,other,,"20,0,9,4"'], /box is not inside of map 4 of 28 x 84/],
  ])('%s', async (_, rows, message) => {
    const file = csv(...rows, '1,,Eve,accept,,,')
    const { conflicts } = await reviewed.inspect(file)
    expect(conflicts).toEqual([expect.stringMatching(message)])
    const job = await reviewed.import(file)
    expect([job.status, job.error]).toEqual(['failed', expect.stringMatching(message) as unknown])
    const { counts } = await reviewed.engine.handlers['workspace.summary']({})
    expect(counts.verdicts).toBe(4)
    expect(await reviewed.records()).toEqual([])
  })
})

test('the command lists conflicts in a dry run, and takes verdicts in once it is told to', () => {
  const path = copy()
  const heatproof = (...args: string[]) =>
    spawnSync(process.execPath, [CLI, 'import', ...args, '--workspace', path, '--by', 'Ada'], {
      encoding: 'utf8',
    })
  const bad = heatproof(written('.csv', 'map_id,verdict\n99,accept\n98,accept\n'), '--dry-run')
  expect(bad.status).toBe(2)
  expect(bad.stdout).toMatch(/Conflict: line 2: no map 99 .*\nConflict: line 3: no map 98/)
  const good = heatproof(written('.csv', 'map_id,verdict\n1,accept\n'), '--yes', '--json')
  expect(JSON.parse(good.stdout)).toMatchObject({ format: 'verdicts', counts: { verdicts: 1 } })
  expect(said(path)).toMatchObject([{ map_id: 1, reviewer: 'Ada', verdict: 'accept' }])
})

describe('a bad file is refused, with the place of what is wrong', () => {
  const HEAD = 'map_id,reviewer,verdict,modes,time\n'
  const tasks = readFileSync(join(exports.get('label-studio') ?? '', 'tasks.json'), 'utf8')
  const samples = readFileSync(join(exports.get('fiftyone') ?? '', 'samples.json'), 'utf8')
  test.each<[string, string, string | Uint8Array, RegExp]>([
    ['a table that is cut off', '.csv', `${HEAD}1,Ada,accept,,\n2,Ad`, /no table .*line 3/],
    ['tasks that are cut off', '.json', tasks.slice(0, -20), /no JSON/],
    ['samples that are cut off', '.json', samples.slice(0, -20), /no JSON/],
    [
      'JSON Lines that are cut off',
      '.jsonl',
      '{"map_id":1,"verdict":"accept"}\n\n{"map',
      /line 3, not valid/,
    ],
    [
      'a line that is no object',
      '.jsonl',
      '{"map_id":1,"verdict":"accept"}\n7',
      /line 2, which is no object/,
    ],
    [
      'bytes that are no UTF-8',
      '.csv',
      Buffer.concat([Buffer.from(`${HEAD}1,`), Buffer.from([0xff, 0x0a])]),
      /not UTF-8/,
    ],
    [
      'unknown verdicts',
      '.csv',
      `${HEAD}1,Ada,good,,\n2,Ada,bad,,\n3,Ada,good,,`,
      /unknown verdicts 'good' \(line 2\), 'bad' \(line 3\)/,
    ],
    ['no verdict', '.csv', `${HEAD}1,Ada,,,`, /"" as verdict in line 2/],
    [
      'a line without a verdict',
      '.jsonl',
      '{"map_id":1,"verdict":"accept"}\n{"map_id":1}',
      /nothing as verdict in line 2/,
    ],
    ['unknown modes', '.csv', `${HEAD}1,Ada,fail,other blur,`, /unknown failure mode 'blur' \(line 2\)/],
    ['a fail without a mode', '.csv', `${HEAD}1,Ada,fail,,`, /a fail without a failure mode in line 2/],
    ['a time that is none', '.csv', `${HEAD}1,Ada,accept,,yesterday`, /"yesterday" as time in line 2/],
    ['a time without an offset', '.csv', `${HEAD}1,Ada,accept,,2026-01-01 10:00`, /as time in line 2/],
    ['a time to come', '.csv', `${HEAD}1,Ada,accept,,2999-01-01T00:00:00Z`, /as time in line 2/],
    ['a map that is no number', '.csv', `${HEAD}one,Ada,accept,,`, /"one" as map_id in line 2/],
    ['no rows', '.csv', HEAD, /no verdict/],
    ['tasks without annotations', '.json', '[{"data":{"map_id":1},"annotations":[]}]', /no verdict/],
    ['tasks without data', '.json', '[{"annotations":[]}]', /something else at 0\.data/],
    [
      'a heatmap whose verdicts are no list',
      '.json',
      '{"samples":[{"sa":{"_cls":"Heatmap","map_id":1,"verdicts":"accept"}}]}',
      /no list of verdicts in field sa of sample 1/,
    ],
    [
      'two boxes for one verdict',
      '.json',
      tasks.replace(
        /(\{[^{}]*"from_name":"box".*?"rectanglelabels":\[[^\]]*\]\},"meta":\{[^}]*\}\})/,
        '$1,$1',
      ),
      /2 boxes, where a verdict has one" as box in task 5, annotation 1/,
    ],
    ['nothing at all', '.csv', '', /none of the formats/],
  ])('%s', async (_, ending, content, message) => {
    const error = await rejectionOf(there.inspect(written(ending, content), 'Ada'))
    expect(error).toMatchObject({ code: 'bad_file', exitCode: 2 })
    expect(error.found).toMatch(message)
  })

  test('rows that stand twice come in once', async () => {
    const file = written('.csv', `${HEAD}1,Ada,accept,,\n1,Ada,accept,,`)
    const { facts } = await there.inspect(file)
    expect(facts).toContainEqual({
      ...{ name: 'verdicts', value: '2, of which 1 are new and 1 are there already' },
    })
  })

  test('verdicts without a reviewer need a name', async () => {
    const error = await rejectionOf(there.inspect(written('.csv', `${HEAD}1,,accept,,`)))
    expect(error).toMatchObject({ code: 'bad_argument', found: '1 verdict without a reviewer' })
  })
})
