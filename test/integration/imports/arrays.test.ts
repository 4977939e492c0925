import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { float32FromBlob } from '../../../src/engine/workspace/blobs.ts'
import { verifyAuditLog } from '../../../src/engine/workspace/audit-log.ts'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import { contract } from '../../../src/shared/contract/contract.ts'
import type { ImportOptions } from '../../../src/shared/contract/imports.ts'
import { importEngine } from './import-engine.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import {
  arrayFiles,
  COLUMNS,
  COUNT,
  float32,
  int32,
  ROWS,
  values,
  writeFolder,
  writeNpz,
  type Files,
} from './array-fixture.ts'

const root = temporaryFolder()
let numbers = 0
const fresh = (ending = '') => join(root, `${(numbers += 1)}${ending}`)

const engineOn = () => importEngine(root, fresh('.heatproof'))

const folderOf = (files: Files) => writeFolder(fresh(), files)
const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

describe('arrays', () => {
  test('a folder becomes samples, answers, maps and a run, with every number as it was', async () => {
    const { path, engine, run } = engineOn()
    const source = folderOf({
      ...arrayFiles(),
      'names.txt': 'a\nb\nc\nd\ne\nf\n',
      'classes.txt': 'cat\ndog\növrig',
    })
    expect(await run(source, { name: 'animals', model: 'resnet', tool: 'captum 0.8.0' })).toMatchObject({
      status: 'done',
    })

    const [record] = await engine.handlers['imports.list']({})
    expect(record).toMatchObject({
      format: 'arrays',
      createdBy: 'Ada',
      tool: 'captum 0.8.0',
      counts: { samples: 6, maps: 12 },
    })
    const [stored] = await engine.handlers['runs.list']({})
    expect(stored).toMatchObject({
      maps: 12,
      mapsExpected: 12,
      methods: ['import:ig', 'import:shap:positive'],
      target: 'label',
      versions: { tool: 'captum 0.8.0' },
    })
    expect(await engine.handlers['models.list']({})).toMatchObject([
      { name: 'resnet', architecture: 'external', origin: 'imported' },
    ])

    const inputs = values(COUNT * ROWS * COLUMNS)
    const maps = values(COUNT * ROWS * COLUMNS, 2).map((value) => value - 0.25)
    await engine.close()
    const workspace = openWorkspace(path)
    const { database } = workspace
    try {
      expect(verifyAuditLog(database).faults).toEqual([])
      for (let sample = 0; sample < COUNT; sample += 1) {
        const own = [sample * ROWS * COLUMNS, (sample + 1) * ROWS * COLUMNS] as const
        const row = database
          .prepare(
            `SELECT input, label, predicted, "values", total, logit, shares, provenance_json ->> 'name' AS name FROM maps
             JOIN map_values ON map_id = maps.id JOIN samples ON samples.id = maps.sample_id
             JOIN predictions ON predictions.sample_id = samples.id WHERE position = ? AND method = 'import:ig'`,
          )
          .get(sample) as Record<'input' | 'values' | 'shares', Uint8Array> &
          Record<'label' | 'predicted' | 'total' | 'logit', number> & { name: string }
        expect(float32FromBlob(row.values)).toEqual(maps.slice(...own))
        expect([...float32FromBlob(row.input)]).toEqual(
          [...inputs.slice(...own)].map((value) => Math.fround(2 * value - 1)),
        )
        expect(row.name).toBe('abcdef'[sample])
        expect(row.label).toBe(sample % 3)
        expect(row.predicted).toBe(sample === 4 ? 0 : sample % 3)
        expect(row.total).toBeCloseTo(sum([...maps.slice(...own)]), 10)
        expect(row.logit).toBe([5, 4, 6, 7, 2, 2][sample])
        const shares = [...new Float64Array(new Uint8Array(row.shares).buffer)]
        const inColumns = (from: number, to: number, rows = [0, 1, 2, 3]) =>
          sum(rows.flatMap((r) => [...maps.slice(own[0] + r * COLUMNS + from, own[0] + r * COLUMNS + to)]))
        const [left, middle] = [inColumns(0, 2), inColumns(2, 4, [1, 2])]
        const expected = [left, middle, row.total - left - middle].map((part) => part / row.total)
        shares.forEach((share, region) => expect(share).toBeCloseTo(expected[region] ?? NaN, 10))
      }
    } finally {
      workspace.close()
    }
  })

  test('an .npz gives the same as the folder', async () => {
    const { engine, run } = engineOn()
    const files = arrayFiles()
    await run(folderOf(files), { name: 'animals', model: 'net' })
    expect(await run(await writeNpz(fresh('.npz'), files), { name: 'animals', model: 'net' })).toMatchObject({
      status: 'done',
    })
    const { maps } = (await engine.handlers['workspace.summary']({})).counts
    expect(maps).toBe(12)
  })

  test('channels before or after rows and columns, and turned maps, come out the same', async () => {
    const { engine } = engineOn()
    const pixels = ROWS * COLUMNS
    const last = values(COUNT * pixels * 3)
    const first = last.map((_, index) => {
      const [image, inImage] = [Math.floor(index / (3 * pixels)), index % (3 * pixels)]
      return last[image * 3 * pixels + (inImage % pixels) * 3 + Math.floor(inImage / pixels)] ?? NaN
    })
    const straight = values(COUNT * pixels, 2)
    const turned = straight.map((_, index) => {
      const [image, pixel] = [Math.floor(index / pixels), index % pixels]
      return straight[image * pixels + (pixel % ROWS) * COLUMNS + Math.floor(pixel / ROWS)] ?? NaN
    })
    const previewOf = async (inputLayout: 'nhwc' | 'nchw', changes: Files) => {
      const found = await engine.handlers['imports.inspect']({
        path: folderOf({ ...arrayFiles(), ...changes }),
        options: { inputLayout },
      })
      return { preview: found.previews[0], warnings: found.warnings }
    }
    const one = await previewOf('nhwc', {
      'inputs.npy': float32([COUNT, ROWS, COLUMNS, 3], last),
      'maps/ig.npy': float32([COUNT, ROWS, COLUMNS], straight),
    })
    const other = await previewOf('nchw', {
      'inputs.npy': float32([COUNT, 3, ROWS, COLUMNS], first),
      'maps/ig.npy': float32([COUNT, COLUMNS, ROWS], turned),
    })
    expect(one.preview).toMatchObject({ channels: 3, rows: ROWS, columns: COLUMNS })
    expect(other.preview).toEqual(one.preview)
    expect(one.warnings).toEqual([])
    expect(other.warnings).toEqual([expect.stringContaining('are turned')])
  })

  test('maps of colour channels are summed over them', async () => {
    const { engine } = engineOn()
    const map = values(COUNT * ROWS * COLUMNS * 3, 5)
    const path = folderOf({ ...arrayFiles(), 'maps/ig.npy': float32([COUNT, ROWS, COLUMNS, 3], map) })
    const { previews } = await engine.handlers['imports.inspect']({ path, options: {} })
    expect(previews[0]?.map?.[7]).toBe(Math.fround((map[21] ?? 0) + (map[22] ?? 0) + (map[23] ?? 0)))
  })

  test('what was explained follows from the classes of the maps', async () => {
    const { engine } = engineOn()
    const targetOf = async (explained: number[]) => {
      const path = folderOf({ ...arrayFiles(), 'explained.npy': int32([COUNT], explained) })
      const { facts } = await engine.handlers['imports.inspect']({ path, options: {} })
      return facts.find(({ name }) => name === 'explained class')?.value
    }
    expect(await targetOf([0, 1, 2, 0, 1, 2])).toBe('label')
    expect(await targetOf([0, 1, 2, 0, 0, 2])).toBe('predicted')
    expect(await targetOf([2, 2, 2, 2, 2, 2])).toBe('class 2')
    await expect(targetOf([2, 1, 2, 2, 2, 2])).rejects.toThrow('class 2 in row 0')
  })

  test('each map is stored under the class that it explains', async () => {
    const { engine, run } = engineOn()
    const targets = async (name: string, explained: number[]) => {
      await run(folderOf({ ...arrayFiles(), 'explained.npy': int32([COUNT], explained) }), { name })
      const queue = {
        filter: { dataset: [name], method: ['import:ig'] },
        order: 'sequence',
        size: 0,
        randomShare: 0,
      }
      const request = contract['review.createQueue'].input.parse({ ...queue, reviewer: 'Ada' })
      const { id: queueId } = await engine.handlers['review.createQueue'](request)
      const items = await engine.handlers['review.items']({ queueId, reviewer: 'Ada', offset: 0, limit: 10 })
      const shown = await Promise.all(
        items.map(async ({ mapId }) => engine.handlers['review.item']({ mapId })),
      )
      return shown.map(({ target, logit }) => [target, logit])
    }
    expect(await targets('of predictions', [0, 1, 2, 0, 0, 2])).toEqual([
      [0, 5],
      [1, 4],
      [2, 6],
      [0, 7],
      [0, 3],
      [2, 2],
    ])
    expect(await targets('of one class', [2, 2, 2, 2, 2, 2])).toEqual([
      [2, 0],
      [2, 1],
      [2, 6],
      [2, 0],
      [2, 1],
      [2, 2],
    ])
  })

  test('masks of whole numbers become regions, and what none covers is a region without evidence', async () => {
    const { path, engine, run } = engineOn()
    const mask = new Array<number>(COUNT * ROWS * COLUMNS).fill(0)
    for (let sample = 0; sample < COUNT; sample += 1) {
      mask[sample * ROWS * COLUMNS + 1] = 1
      mask[sample * ROWS * COLUMNS + COLUMNS] = 1
      mask[sample * ROWS * COLUMNS + 5] = 2
    }
    const { 'regions.json': _, ...files } = arrayFiles()
    await run(
      folderOf({
        ...files,
        'regions.npy': int32([COUNT, ROWS, COLUMNS], mask),
        'marks.npy': int32([COUNT, 2], [1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1]),
      }),
    )
    await engine.close()
    const workspace = openWorkspace(path)
    const { database } = workspace
    try {
      const { listSamples } = await import('../../../src/engine/workspace/samples.ts')
      const [sample] = listSamples(database, 1, { limit: 1 })
      expect(sample?.regions).toEqual([
        {
          name: 'region 1',
          box: { row: 0, column: 0, height: 2, width: 2 },
          mark: 1,
          label: null,
          filled: true,
          mask: Uint8Array.of(0, 1, 1, 0),
        },
        {
          name: 'region 2',
          box: { row: 0, column: 5, height: 1, width: 1 },
          mark: 0,
          label: null,
          filled: true,
        },
        expect.objectContaining({
          name: 'elsewhere',
          mark: 0,
          box: { row: 0, column: 0, height: ROWS, width: COLUMNS },
        }),
      ])
      expect(sample?.regions[2]?.mask?.reduce((total, pixel) => total + pixel, 0)).toBe(ROWS * COLUMNS - 3)
    } finally {
      workspace.close()
    }
  })

  test('scales that look wrong are said', async () => {
    const { engine } = engineOn()
    const warningsOf = async (changes: Files) =>
      (
        await engine.handlers['imports.inspect']({
          path: folderOf({ ...arrayFiles(), ...changes }),
          options: {},
        })
      ).warnings
    const shape = [COUNT, ROWS, COLUMNS]
    const length = COUNT * ROWS * COLUMNS
    expect(await warningsOf({})).toEqual([])
    expect(
      await warningsOf({
        'maps/ig.npy': {
          dtype: 'uint8',
          shape,
          data: Uint8Array.from(values(length), (value) => value * 255),
        },
      }),
    ).toEqual([expect.stringMatching(/^ig: whole numbers .* as a picture has/)])
    expect(await warningsOf({ 'about.json': '{"signs": {"ig": "positive"}}' })).toEqual([
      expect.stringContaining('taken as signed'),
    ])
    expect(
      await warningsOf({
        'inputs.npy': float32(
          shape,
          values(length).map((value) => 5 * value - 2),
        ),
      }),
    ).toEqual([expect.stringContaining('no usual range')])
    const square = values(COUNT * 16)
    const turned = square.map(
      (_, index) => square[Math.floor(index / 16) * 16 + (index % 4) * 4 + (Math.floor(index / 4) % 4)] ?? 0,
    )
    const { 'regions.json': _r, 'maps/shap.npy': _s, ...files } = arrayFiles()
    const path = folderOf({
      ...files,
      'inputs.npy': float32([COUNT, 4, 4], square),
      'maps/ig.npy': float32([COUNT, 4, 4], turned),
    })
    const { warnings } = await engine.handlers['imports.inspect']({ path, options: {} })
    expect(warnings).toContainEqual(expect.stringContaining('rows and columns exchanged'))
  })
})

describe('whole or not at all', () => {
  test('a value that is no number stops the import with its row, and leaves nothing', async () => {
    const { engine, run } = engineOn()
    const maps = values(COUNT * ROWS * COLUMNS)
    maps[3 * ROWS * COLUMNS + 5] = NaN
    const job = await run(folderOf({ ...arrayFiles(), 'maps/ig.npy': float32([COUNT, ROWS, COLUMNS], maps) }))
    expect(job.error).toMatch(/NaN in row 3 of .*maps\/ig\.npy, at value 5/)
    expect((await engine.handlers['workspace.summary']({})).counts).toMatchObject({
      samples: 0,
      maps: 0,
      models: 0,
    })
    expect(await engine.handlers['imports.list']({})).toEqual([])
  })

  test('other inputs under the same name, other labels and other maps are conflicts', async () => {
    const { engine, run } = engineOn()
    const said = { name: 'animals', model: 'net' }
    await run(folderOf(arrayFiles()), said)
    const errorOf = async (changes: Files) =>
      (await run(folderOf({ ...arrayFiles(), ...changes }), said)).error
    const shape = [COUNT, ROWS, COLUMNS]
    const other = values(COUNT * ROWS * COLUMNS, 9)
    expect(await errorOf({ 'inputs.npy': float32(shape, other) })).toContain(
      "'animals' of this workspace, which has other inputs",
    )
    expect(await errorOf({ 'labels.npy': int32([COUNT], [0, 1, 1, 0, 1, 2]) })).toContain(
      'sample 2: label 1 here, 2 in the workspace',
    )
    expect(await errorOf({ 'maps/shap.npy': float32(shape, other) })).toContain(
      'sample 0: another map of import:shap:positive',
    )
    expect(await errorOf({ 'maps/more.npy': float32(shape, other) })).toBe(null)
    expect((await engine.handlers['workspace.summary']({})).counts).toMatchObject({
      samples: 6,
      maps: 18,
      models: 1,
    })
  })

  test('a cancelled import is taken back, but for what somebody has decided meanwhile', async () => {
    const { path, engine } = engineOn()
    const count = 3000
    const pixels = ROWS * COLUMNS
    const source = folderOf({
      'inputs.npy': float32([count, ROWS, COLUMNS], values(count * pixels)),
      'labels.npy': int32([count], new Array<number>(count).fill(1)),
      'predictions.npy': int32([count], new Array<number>(count).fill(1)),
      'maps/ig.npy': float32([count, ROWS, COLUMNS], values(count * pixels, 4)),
    })
    const { jobId } = await engine.handlers['imports.start']({ path: source, options: {}, createdBy: 'Ada' })
    const mapsStored = async () => (await engine.handlers['workspace.summary']({})).counts.maps
    while ((await mapsStored()) === 0) await setImmediate()
    await engine.handlers['jobs.cancel']({ id: jobId })
    expect((await engine.waitFor(jobId)).status).toBe('cancelled')
    await engine.close()
    const workspace = openWorkspace(path)
    const { database } = workspace
    try {
      for (const table of [
        'maps',
        'samples',
        'sample_sets',
        'runs',
        'predictions',
        'regions',
        'models',
        'imports',
      ])
        expect([table, database.prepare(`SELECT count(*) FROM ${table}`).pluck().get()]).toEqual([table, 0])
    } finally {
      workspace.close()
    }
  })

  test('paths outside of the folders are refused, whether there or not, and so are links out of them', async () => {
    const { engine } = engineOn()
    const { symlinkSync } = await import('node:fs')
    const link = fresh()
    symlinkSync('/etc', link)
    for (const path of ['/etc', '/nowhere', join(root, '..'), link, 'relative'])
      await expect(engine.handlers['imports.inspect']({ path, options: {} })).rejects.toMatchObject({
        code: 'forbidden',
      })
  })
})

describe('imported maps are like all others', () => {
  const said: ImportOptions = { name: 'animals', model: 'net', classNames: ['cat', 'dog', 'owl'] }

  test('they are queued, shown, found by the names of their classes, compared, drawn and decided', async () => {
    const { engine, run } = engineOn()
    const colours = values(COUNT * ROWS * COLUMNS * 3)
    await run(folderOf({ ...arrayFiles(), 'inputs.npy': float32([COUNT, ROWS, COLUMNS, 3], colours) }), {
      ...said,
      inputLayout: 'nhwc',
    })
    const { handlers, bulk } = engine
    const { id: queueId, length } = await handlers['review.createQueue']({
      ...contract['review.createQueue'].input.parse({
        filter: {},
        order: 'worst_first',
        metric: 'capped_percentage',
        reviewer: 'Ada',
      }),
    })
    expect(length).toBe(12)
    const items = await handlers['review.items']({ queueId, reviewer: 'Ada', offset: 0, limit: 20 })
    expect(items[0]).toMatchObject({ modelLabel: 'net', rows: ROWS, columns: COLUMNS })
    const item = await handlers['review.item']({ mapId: items[0]?.mapId ?? 0 })
    expect(item).toMatchObject({ provenance: { split: 'imported' }, started: null, conservation: null })
    expect(['cat', 'dog', 'owl']).toContain(item.labelName)
    expect((await bulk.sampleValues(item.sampleId)).length).toBe(4 * ROWS * COLUMNS * 3)
    expect((await bulk.mapImage(item.mapId)).length).toBeGreaterThan(50)

    const { facets } = await handlers['review.facets']({ filter: { search: 'dog' } })
    expect(facets['label']).toContainEqual({ value: '1', label: 'dog', count: 4 })
    const compared = await handlers['compare.sequence'](
      contract['compare.sequence'].input.parse({
        sampleId: item.sampleId,
        metric: 'percentage',
        reviewer: 'Ada',
      }),
    )
    expect(compared).toMatchObject({ maps: { length: 2 }, models: [{ label: 'net' }] })
    const figure = await handlers['figures.draw'](contract['figures.draw'].input.parse({ name: 'metrics' }))
    expect(figure).toMatchObject({ networks: ['net'], panels: [{ series: [{ label: 'net' }] }] })
    expect((await handlers['workspace.summary']({})).networks).toEqual(['net'])

    await handlers['review.decide'](
      contract['review.decide'].input.parse({
        reviewer: 'Ada',
        mapIds: [item.mapId],
        verdict: 'fail',
        modes: ['background_leak'],
      }),
    )
    expect((await handlers['review.item']({ mapId: item.mapId })).history).toMatchObject([
      { verdict: 'fail' },
    ])
  })

  test('nothing is computed with a network of which there are maps alone', async () => {
    const { engine, run } = engineOn()
    await run(folderOf(arrayFiles()), said)
    const [model] = await engine.handlers['models.list']({})
    const request = contract['runs.start'].input.parse({
      modelIds: [model?.id],
      methods: ['sa'],
      dataset: 'mnist-1-digits-maj',
      count: 2,
    })
    await expect(engine.handlers['runs.start'](request)).rejects.toThrow('a network from elsewhere')
    const check = contract['sanity.start'].input.parse({
      modelId: model?.id,
      againstId: null,
      methods: ['sa'],
      dataset: 'mnist-1-digits-maj',
      count: 2,
    })
    await expect(engine.handlers['sanity.start'](check)).rejects.toThrow('a network from elsewhere')
    await expect(async () => engine.bulk.modelFile(model?.id ?? 0)).rejects.toThrow('no model with weights')
  })
})
