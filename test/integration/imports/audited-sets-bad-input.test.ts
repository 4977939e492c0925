import { cpSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { zipSync } from 'fflate'
import { afterAll, expect, test } from 'vitest'
import { openEngine } from '../../../src/engine/engine.ts'
import { listFolder } from '../../../src/engine/exchange/manifest.ts'
import { npyHeader } from '../../../src/engine/exchange/npy-header.ts'
import { rejectionOf } from '../../support/errors.ts'
import { requestFor } from '../exports/audited-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { reviewedWorkspace } from './reviewed-workspace.ts'

const root = temporaryFolder()
reviewedWorkspace(join(root, 'source.heatproof'))
const engine = openEngine({
  workspacePath: join(root, 'source.heatproof'),
  create: false,
  folders: [root],
  workers: 1,
})
const { jobId } = await engine.handlers['exports.start'](
  requestFor(root, { images: false, filter: { method: ['sa'] } }),
)
await engine.waitFor(jobId)
await engine.close()
const set = join(root, 'set')
const empty = openEngine({
  workspacePath: join(root, 'empty.heatproof'),
  create: true,
  folders: [root],
  workers: 1,
})
afterAll(() => empty.close())

type Manifest = { files: unknown[]; counts: Record<string, number>; formatVersion: number }
type Line = Record<string, unknown> & { table: string }
type Tamper = (folder: string) => void

let copies = 0
function copied(tamper: Tamper): string {
  const copy = join(root, `copy-${(copies += 1)}`)
  cpSync(set, copy, { recursive: true })
  tamper(copy)
  return copy
}

/** A copy whose hashes are true, so that the content itself is looked at. */
async function sealed(tamper: Tamper): Promise<string> {
  const copy = copied(tamper)
  const path = join(copy, 'manifest.json')
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest
  manifest.files = await listFolder(copy, ['manifest.json'])
  writeFileSync(path, JSON.stringify(manifest))
  return copy
}

const records =
  (edit: (text: string) => string | Uint8Array): Tamper =>
  (folder) => {
    const path = join(folder, 'records.jsonl')
    writeFileSync(path, edit(readFileSync(path, 'utf8')))
  }
const lines = (edit: (lines: Line[]) => unknown[]): Tamper =>
  records((text) => {
    const parsed = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line)
    return edit(parsed)
      .map((line) => `${JSON.stringify(line)}\n`)
      .join('')
  })
/** The first row of a table, changed. */
const first = (table: string, change: (row: Line) => object): Tamper =>
  lines((all) => {
    const at = all.findIndex((line) => line.table === table)
    return all.map((line, index) => (index === at ? { ...line, ...change(line) } : line))
  })
/** The first of the files of maps, or the inputs. */
const array =
  (edit: (bytes: Buffer) => Uint8Array, name?: string): Tamper =>
  (folder) => {
    const model = readdirSync(join(folder, 'maps'))[0] ?? ''
    const path = join(folder, name ?? join('maps', model, 'sa.npy'))
    writeFileSync(path, edit(readFileSync(path)))
  }
const twice = (table: string): Tamper =>
  lines((all) =>
    all.flatMap((line) => (line === all.find((other) => other.table === table) ? [line, line] : [line])),
  )
const header = (dtype: string, shape: string) => {
  const text = `{'descr': '${dtype}', 'fortran_order': False, 'shape': (${shape}), }`
  const padded = `${text.padEnd(117)}\n`
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    Buffer.from([padded.length, 0]),
    Buffer.from(padded),
  ])
}

const CASES: readonly [string, Tamper, RegExp][] = [
  [
    'records that end in a line',
    records((text) => text.slice(0, -20)),
    /early end in line \d+ of records\.jsonl/,
  ],
  [
    'records that end early',
    records((text) => text.slice(0, text.lastIndexOf('{"table":"verdicts"'))),
    /\d records of verdicts/,
  ],
  ['a line that is no JSON', records((text) => text.replace('\n', '\n{]\n')), /no JSON in line 2/],
  ['bytes that are no UTF-8', records(() => Buffer.from([0x7b, 0xff, 0x0a])), /not UTF-8/],
  ['a table that nobody knows', first('models', () => ({ table: 'settings' })), /without a known table/],
  ['a column too many', first('maps', () => ({ note: 1 })), /something else/],
  ['a column too few', first('maps', () => ({ target: undefined })), /as 'target'/],
  ['text for a number', first('verdicts', () => ({ map_id: '1; DROP TABLE maps' })), /as 'map_id'/],
  ['NaN for a number', records((text) => text.replace(/"total":[^,]+/, '"total":NaN')), /no JSON/],
  ['a time that is none', first('runs', () => ({ created_at: 'yesterday' })), /as 'created_at'/],
  [
    'a column of JSON that is none',
    first('calibrations', () => ({ fit_json: '{"tau":1}' })),
    /as 'fit_json'/,
  ],
  [
    'tables out of order',
    lines((all) => [...all, { ...all[0], id: 999, seed: 99 }]),
    /sample_sets after rows of activations/,
  ],
  ['an id twice', twice('maps'), /maps \d+ for the second time/],
  ['a verdict on a map that is not there', first('verdicts', () => ({ map_id: 999 })), /need maps 999/],
  [
    'one map under two ids',
    lines((all) =>
      all.flatMap((line) =>
        line === all.find(({ table }) => table === 'maps') ? [line, { ...line, id: 999 }] : [line],
      ),
    ),
    /a second row of maps of the same/,
  ],
  ['a prediction twice', twice('predictions'), /a second row of predictions/],
  [
    'a map without its sample',
    lines((all) => all.filter((_, index) => index !== all.findIndex(({ table }) => table === 'samples'))),
    /need samples 1, which is missing/,
  ],
  ['a map without regions of its sample', first('samples', () => ({ regions: [] })), /bytes of shares/],
  [
    'a region outside of its sample',
    first('samples', ({ regions }) => ({
      regions: (regions as object[]).map((region) => ({ ...region, box_width: 1000 })),
    })),
    /outside of its sample/,
  ],
  [
    'a mask that unpacks to a million times its box',
    first('samples', ({ regions }) => ({
      regions: (regions as object[]).map((region) => ({
        ...region,
        mask: deflateRawSync(Buffer.alloc(50_000_000)).toString('base64'),
      })),
    })),
    /does not fit its box/,
  ],
  [
    'a sample of another size',
    first('samples', () => ({ rows: 14 })),
    /outside of its sample|which is float32 of shape/,
  ],
  ['a sample of 100,000 rows', first('samples', () => ({ rows: 100_000 })), /as 'rows'/],
  ['a row that its file does not have', first('maps', () => ({ row: 6 })), /row 6 of .*sa\.npy/],
  [
    'a file outside of the set',
    first('maps', () => ({ file: '../../../etc/passwd' })),
    /the file ".*etc\/passwd"/,
  ],
  [
    'weights that lie elsewhere',
    first('models', () => ({ file: '/etc/passwd' })),
    /the file "\/etc\/passwd"/,
  ],
  ['weights of another model', first('models', () => ({ sha256: '0'.repeat(64) })), /of another SHA-256/],
  [
    'a cluster that is not said',
    first('map_analysis_rows', () => ({ cluster: null })),
    /a row of another kind than its analysis/,
  ],
  [
    'a cluster of an analysis that is not there',
    first('map_analysis_rows', () => ({ analysis_id: 99 })),
    /need map_analyses 99/,
  ],
  ['a place among clusters', first('map_analyses', () => ({ kind: 'embedding' })), /of another kind/],
  ['a queue shorter than it says', first('queues', () => ({ length: 5 })), /bytes of map_ids/],
  ['an array that is cut off', array((bytes) => bytes.subarray(0, -4)), /bytes of data in .*sa\.npy/],
  [
    'an array with another magic',
    array((bytes) => Buffer.concat([Buffer.from('PK'), bytes.subarray(2)])),
    /sa\.npy/,
  ],
  [
    'an array of float64',
    array((bytes) => Buffer.concat([npyHeader('float64', [3, 28, 84]), bytes.subarray(-3 * 28 * 84 * 8)])),
    /float64 of shape/,
  ],
  [
    'an array of objects',
    array((bytes) => Buffer.concat([header('|O', '6, 28, 84'), bytes.subarray(128)])),
    /sa\.npy/,
  ],
  [
    'an array that claims 4 GB',
    array((bytes) => Buffer.concat([header('<f4', '456522, 28, 84'), bytes.subarray(128)])),
    /bytes of data in .*sa\.npy/,
  ],
  [
    'a map with NaN',
    array((bytes) => {
      bytes.writeFloatLE(NaN, bytes.length - 4)
      return bytes
    }),
    /NaN at index/,
  ],
  [
    'an input with infinity',
    array((bytes) => {
      bytes.writeFloatLE(Infinity, 128)
      return bytes
    }, 'inputs.npy'),
    /Infinity at index/,
  ],
]

test.each(CASES)('%s is refused, by its line or file', async (_, tamper, message) => {
  const path = await sealed(tamper)
  const error = await rejectionOf(Promise.resolve(empty.handlers['imports.inspect']({ path, options: {} })))
  expect(['bad_file', 'bad_values']).toContain(error.code)
  expect(`${error.found} | ${error.expected}`).toMatch(message)
})

test('a set whose hashes are not true is refused before anything of it is read', async () => {
  const path = copied(records(() => 'x'))
  const error = await rejectionOf(Promise.resolve(empty.handlers['imports.inspect']({ path, options: {} })))
  expect(error).toMatchObject({
    code: 'bad_file',
    found: expect.stringContaining('records.jsonl, which is changed') as unknown,
  })
})

test('a zip bomb, and a zip that leads out of itself, are refused', async () => {
  const manifest = readFileSync(join(set, 'manifest.json'))
  for (const [name, bytes, message] of [
    ['zeros.npy', new Uint8Array(2 ** 26 + 1), /bytes that are packed into/],
    ['../escape.npy', new Uint8Array(1), /escape\.npy, which is unsafe/],
  ] as const) {
    const path = join(root, `${message.source.length}.zip`)
    writeFileSync(path, zipSync({ 'manifest.json': manifest, [name]: bytes }, { level: 9 }))
    const error = await rejectionOf(Promise.resolve(empty.handlers['imports.inspect']({ path, options: {} })))
    expect(error.found).toMatch(message)
  }
  expect(existsSync(join(root, 'escape.npy'))).toBe(false)
})

test('after all of these the workspace is as empty as before', async () => {
  const { counts } = await empty.handlers['workspace.summary']({})
  expect(counts).toMatchObject({ samples: 0, models: 0, runs: 0, maps: 0, verdicts: 0 })
})
