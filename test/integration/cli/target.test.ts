import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { beforeAll, describe, expect, test } from 'vitest'
import { parseManifest } from '../../../src/engine/exchange/audited-set-manifest.ts'
import { npyFloats, readNpy } from '../../../src/engine/exchange/npy.ts'
import { float32FromBlob } from '../../../src/engine/workspace/blobs.ts'
import { getMapBytes } from '../../../src/engine/workspace/maps.ts'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import { listSamples } from '../../../src/engine/workspace/samples.ts'
import { Run } from '../../../src/shared/contract/runs.ts'
import { readTable } from '../exports/read-table.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { heatproof, type Outcome } from './heatproof.ts'
import { writeArray } from './toy-model.ts'

const MODEL = join('resources', 'models', 'deep-mnist-3-digits-maj-seq-12-fold-1.safetensors')
const METHODS = ['gi', 'dtd']
const COUNT = 24
const TARGET = 3

const folder = temporaryFolder()
const workspace = join(folder, 'digits.heatproof')
const computed = ['--methods', METHODS.join(','), '--backend', 'wasm', '--json']
const explain = (...args: string[]) =>
  heatproof('explain', '--workspace', workspace, '--count', String(COUNT), ...computed, ...args)

function runOf({ status, stdout, stderr }: Outcome): Run {
  expect([status, stderr]).toEqual([0, ''])
  return Run.parse(JSON.parse(stdout))
}

function inWorkspace<Value>(read: (database: Database) => Value): Value {
  const opened = openWorkspace(workspace)
  try {
    return read(opened.database)
  } finally {
    opened.close()
  }
}

const StoredMaps = `
  SELECT maps.id, method, position, label, target, target_kind AS kind, run_id AS run
  FROM maps JOIN samples ON samples.id = sample_id ORDER BY method, position, maps.id`
interface StoredMap {
  id: number
  method: string
  position: number
  label: number
  target: number
  kind: string
  run: number
}
const storedMaps = () => inWorkspace((database) => database.prepare<[], StoredMap>(StoredMaps).all())

describe('heatproof explain --target CLASS', () => {
  let run: Run
  beforeAll(() => {
    expect(heatproof('init', workspace)).toMatchObject({ status: 0 })
    expect(heatproof('models', '--workspace', workspace, '--import', MODEL)).toMatchObject({ status: 0 })
    run = runOf(explain('--target', String(TARGET)))
  })

  test('gives the maps that `heatproof maps --target CLASS` gives of the same inputs', () => {
    expect(run).toMatchObject({
      target: TARGET,
      maps: COUNT * METHODS.length,
      mapsExpected: COUNT * METHODS.length,
    })
    expect(run.title).toBe(`Deep × 2 methods on ${COUNT} sequences, class 3`)
    const inputs = inWorkspace((database) => listSamples(database, run.sampleSet.id, { limit: COUNT }))
    expect(new Set(inputs.map(({ label }) => label)).size).toBeGreaterThan(3)
    const data = Float32Array.from(inputs.flatMap(({ input }) => [...input]))
    const input = writeArray(join(folder, 'inputs.npy'), { dtype: 'float32', shape: [COUNT, 28, 84], data })
    const out = join(folder, 'maps')
    const files = ['--model', MODEL, '--input', input, '--target', String(TARGET), '--out', out]
    expect(heatproof('maps', ...files, ...computed)).toMatchObject({ status: 0 })
    for (const method of METHODS) {
      const expected = npyFloats(readNpy(readFileSync(join(out, `${method}.npy`)), method), method)
      const own = storedMaps().filter((map) => map.method === method)
      expect(own).toHaveLength(COUNT)
      const values = inWorkspace((database) =>
        own.flatMap(({ id }) => [...float32FromBlob(getMapBytes(database, id) ?? new Uint8Array())]),
      )
      expect(values).toEqual([...expected])
      for (const { target, kind } of own) expect([target, kind]).toEqual([TARGET, 'class'])
    }
  })

  test('computes nothing twice, also where another run asks for the same class', () => {
    const before = storedMaps()
    const again = runOf(explain('--target', String(TARGET)))
    expect(again).toMatchObject({ target: TARGET, maps: run.maps })
    expect(storedMaps()).toEqual(before)
    const labels = runOf(explain())
    expect(labels).toMatchObject({ target: 'label', maps: run.maps })
    const added = storedMaps().filter(({ run: id }) => id === labels.id)
    const threes = before.filter(({ label }) => label === TARGET)
    expect(threes).not.toEqual([])
    expect(added).toHaveLength(before.length - threes.length)
    for (const { label, target } of added) expect([target, label === TARGET]).toEqual([label, false])
    const seven = runOf(explain('--target', '7'))
    const sevens = added.filter(({ label }) => label === 7)
    const fresh = storedMaps().filter(({ run: id }) => id === seven.id)
    expect(fresh).toHaveLength(run.maps - sevens.length)
    for (const { target, kind } of fresh) expect([target, kind]).toEqual([7, 'class'])
  })

  test('is exported with its class, and the set is as it was written', () => {
    const out = join(folder, 'set')
    const filter = JSON.stringify({ target: [TARGET], explained: ['other'] })
    const place = ['--workspace', workspace, '--out', out, '--by', 'Ada', '--include', 'any', '--no-images']
    expect(heatproof('export', ...place, '--filter', filter)).toMatchObject({ status: 0 })
    expect(heatproof('verify', out)).toMatchObject({ status: 0, stderr: '' })
    const manifest = parseManifest(readFileSync(join(out, 'manifest.json'), 'utf8'), 'manifest')
    expect(manifest.runs.map(({ target }) => target)).toEqual([TARGET])
    expect(manifest.selection.filter).toEqual({ target: [TARGET], explained: ['other'] })
    const rows = readTable(join(out, 'maps.csv'))
    const others = storedMaps().filter(({ target, label }) => target === TARGET && label !== TARGET)
    expect(rows.length).toBeGreaterThan(0)
    expect(others.map(({ id }) => String(id))).toEqual(
      expect.arrayContaining(rows.map((row) => row['map_id'])),
    )
    for (const row of rows) expect(row).toMatchObject({ target: '3', target_kind: 'class' })
  })

  test.each([
    [
      'a class that the model lacks',
      '10',
      /the target 10 for the model deep-mnist[\s\S]*a class from 0 to 9/,
    ],
    ['a word', 'three', /--target 'three'[\s\S]*label, predicted or the number of a class/],
    ['a negative number', '-1', /--target '-1'/],
  ])('refuses %s with exit code 2, and stores nothing', (_, target, message) => {
    const count = () => inWorkspace((database) => database.prepare('SELECT count(*) FROM runs').pluck().get())
    const before = count()
    for (const command of ['explain', 'sanity'] as const) {
      const args = command === 'sanity' ? ['--model', '1'] : []
      const refused = heatproof(command, '--workspace', workspace, ...args, '--target', target)
      expect(refused.stderr).toMatch(message)
      expect(refused.status, command).toBe(2)
    }
    expect(count()).toBe(before)
  })

  test.each(['explain', 'sanity'])('is in the help of %s, with an example', (command) => {
    const { stdout } = heatproof(command, '--help')
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(/label, predicted[^,]*, or a class such as 3/)
    expect(stdout).toMatch(new RegExp(`heatproof ${command} .* --target 3`))
  })
})
