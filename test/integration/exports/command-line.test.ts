import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { listFolder } from '../../../src/engine/exchange/manifest.ts'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import { fillWorkspace } from '../../../src/hosts/bench/generated-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verdict } from './audited-workspace.ts'
import { readTable } from './read-table.ts'
import { titled } from '../../support/skip-reason.ts'

const CLI = fileURLToPath(new URL('../../../src/hosts/cli.ts', import.meta.url))
const root = temporaryFolder()
const workspacePath = join(root, 'review', 'set.heatproof')
const own = () => mkdtempSync(join(root, 'out-'))

function heatproof(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8' })
  return { status, stdout, stderr }
}

const exportTo = (out: string, ...args: string[]) =>
  heatproof('export', '--workspace', workspacePath, '--out', out, '--by', 'Ada', ...args)

interface Printed {
  path: string
  maps: number
  files: number
  manifestSha256: string
  differences: { path: string; problem: string; found: string; expected: string }[]
}

beforeAll(() => {
  mkdirSync(join(root, 'review'))
  const workspace = openWorkspace(workspacePath, { create: true })
  fillWorkspace(workspace, { samples: 30 })
  verdict(workspace, [1, 2, 3], 'accept')
  verdict(workspace, [4], 'fail')
  workspace.close()
})

describe('heatproof export and verify', () => {
  test('write a set of what has a consensus, and find it as it was written', () => {
    const out = join(own(), 'set')
    const exported = exportTo(out)
    expect(exported).toMatchObject({ status: 0 })
    expect(exported.stdout).toContain(`4 maps with 4 verdicts`)
    const hash = /SHA-256 of the manifest: ([0-9a-f]{64})/.exec(exported.stdout)?.[1] ?? ''
    const verified = heatproof('verify', out, '--manifest-sha256', hash)
    expect(verified).toMatchObject({ status: 0, stderr: '' })
    expect(verified.stdout).toContain(`${out} is as it was written.`)
    expect(readFileSync(join(out, 'README.txt'), 'utf8')).toContain('4 relevance maps of 1 samples')
  })

  test('name every difference, with what was found and expected, and exit with 1', () => {
    const out = join(own(), 'set.zip')
    const exported = exportTo(out, '--zip', '--json', '--no-images', '--include', 'accepted')
    const record = JSON.parse(exported.stdout) as Printed
    expect(record).toMatchObject({ path: out, maps: 3 })
    expect(exported).toMatchObject({ status: 0, stderr: '' })
    const good = JSON.parse(heatproof('verify', out, '--json').stdout) as Printed
    expect(good).toMatchObject({ manifestSha256: record.manifestSha256, differences: [] })

    const bytes = readFileSync(out)
    const at = bytes.indexOf('scores.csv') + 200
    bytes[at] = (bytes[at] ?? 0) ^ 1
    writeFileSync(out, bytes)
    const bad = heatproof('verify', out)
    expect(bad.status).toBe(1)
    expect(bad.stdout).toMatch(/^changed {2}scores\.csv$\n^ +found +\S.*$\n^ +expected \d+ bytes, SHA-256 /m)
    expect(bad.stderr).toContain('one difference')
    const asJson = heatproof('verify', out, '--json')
    expect(asJson.status).toBe(1)
    expect((JSON.parse(asJson.stdout) as Printed).differences).toMatchObject([{ path: 'scores.csv' }])
    expect(JSON.parse(asJson.stderr)).toMatchObject({ error: { code: 'verification_failed' } })
  })

  test('say when the manifest is not the one that was announced', () => {
    const out = join(own(), 'set')
    exportTo(out)
    const other = heatproof('verify', out, '--manifest-sha256', '0'.repeat(64))
    expect(other.status).toBe(1)
    expect(other.stdout).toContain('changed  manifest.json')
    expect(heatproof('verify', out, '--manifest-sha256', 'abc').status).toBe(2)
  })

  test('choose maps by method, model, label and filter', () => {
    const out = join(own(), 'set')
    const filter = JSON.stringify({ correct: true, method: ['gb'] })
    const { status } = exportTo(
      ...[out, '--include', 'any', '--no-images', '--filter', filter],
      ...['--method', 'sa, dtd', '--model', '2', '--label', '0,1,2,3,4'],
    )
    expect(status).toBe(0)
    const maps = readTable(join(out, 'maps.csv'))
    expect(maps.length).toBeGreaterThan(0)
    expect(new Set(maps.map((row) => row['method']))).toEqual(new Set(['sa', 'dtd']))
    expect(new Set(maps.map((row) => row['model'])).size).toBe(1)
    for (const row of readTable(join(out, 'samples.csv'))) expect(Number(row['label'])).toBeLessThan(5)
    for (const row of maps) expect(row['predicted']).toBe(row['target'])
  })

  test('write the same set again from an empty workspace that took it in', async () => {
    const folder = own()
    const set = join(folder, 'set')
    const empty = join(folder, 'empty.heatproof')
    expect(exportTo(set, '--no-images').status).toBe(0)
    expect(heatproof('init', empty).status).toBe(0)
    const looked = heatproof('import', set, '--workspace', empty, '--dry-run')
    expect(looked).toMatchObject({ status: 0 })
    expect(looked.stdout).toMatch(/Audited set\n +name +set, written for Ada/)
    const taken = heatproof('import', set, '--workspace', empty, '--yes', '--json')
    expect(JSON.parse(taken.stdout)).toMatchObject({ counts: { maps: 4, verdicts: 4 } })
    mkdirSync(join(folder, 'again'))
    const again = join(folder, 'again', 'set')
    const args = ['--out', again, '--by', 'Ada', '--no-images']
    expect(heatproof('export', '--workspace', empty, ...args).status).toBe(0)
    expect(await listFolder(again)).toEqual(await listFolder(set))
  })

  test('choose maps by verdict, rule and reviewers, and what scores follow', () => {
    const out = join(own(), 'set')
    const { status } = exportTo(
      ...[out, '--include', 'failed', '--rule', 'any', '--reviewer', 'Ada', '--calibration', 'default'],
      '--no-images',
    )
    expect(status).toBe(0)
    expect(readTable(join(out, 'maps.csv')).map((row) => row['map_id'])).toEqual(['4'])
    expect(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'))).toMatchObject({
      selection: { include: 'failed', rule: 'any', reviewers: ['Ada'], calibration: 'default' },
    })
  })

  test.each([
    ['a folder that is there', ['--out', root], 2, /conflict|something called/],
    ['a folder in no folder', ['--out', join(root, 'none', 'set')], 2, /none/],
    ['a name that is no name', ['--out', join(root, 'a*b')], 2, /letters/],
    ['an unknown method', ['--out', join(root, 'x'), '--method', 'magic'], 2, /magic/],
    ['an unknown model', ['--out', join(root, 'x'), '--model', 'magic'], 2, /magic/],
    ['a label that is none', ['--out', join(root, 'x'), '--label', '-1'], 2, /-1/],
    ['a filter that is no JSON', ['--out', join(root, 'x'), '--filter', '{'], 2, /--filter/],
    [
      'a filter with an unknown facet',
      ['--out', join(root, 'x'), '--filter', '{"methods":[]}'],
      2,
      /methods/,
    ],
    ['a filter that nothing matches', ['--out', join(root, 'x'), '--label', '99'], 2, /no map to export/],
    ['a reviewer who never decided', ['--out', join(root, 'x'), '--reviewer', 'ada'], 2, /one of Ada/],
    ['a calibration that is none', ['--out', join(root, 'x'), '--calibration', 'best'], 2, /--calibration/],
    ['a version that was never saved', ['--out', join(root, 'x'), '--calibration', '9'], 2, /version 9/],
    ['nobody as author', ['--out', join(root, 'x'), '--by', ' '], 2, /--by ' '/],
    ['no workspace', ['--workspace', join(root, 'none'), '--out', join(root, 'x')], 2, /none/],
  ])('refuse %s', (_, args, status, message) => {
    const before = readdirSync(root)
    const refused = heatproof('export', '--workspace', workspacePath, ...args)
    expect(refused.stderr).toMatch(message)
    expect(refused.status).toBe(status)
    expect(readdirSync(root)).toEqual(before)
  })

  test('refuse to verify what is no audited set', () => {
    expect(heatproof('verify', join(root, 'none')).status).toBe(2)
    expect(heatproof('verify', root)).toMatchObject({ status: 2, stdout: '' })
    expect(heatproof('verify', workspacePath).status).toBe(2)
  })

  test('leave nothing after Ctrl+C', async () => {
    const folder = own()
    const args = ['export', '--workspace', workspacePath, '--out', join(folder, 'set'), '--include', 'any']
    const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    while (readdirSync(folder).length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    child.kill('SIGINT')
    const status = await new Promise((resolve) => child.on('exit', resolve))
    expect(status).toBe(130)
    expect(readdirSync(folder)).toEqual([])
    expect(exportTo(join(folder, 'set'), '--include', 'any', '--no-images').status).toBe(0)
  })

  const onWindows = process.platform === 'win32'
  test.skipIf(onWindows)(
    titled('leave nothing when the room runs out', onWindows, 'Windows has no ulimit'),
    () => {
      const folder = own()
      const script = `
      import { openWorkspace } from ${JSON.stringify(moduleUrl('workspace/open.ts'))}
      import { MapTable } from ${JSON.stringify(moduleUrl('review/map-table.ts'))}
      import { writeAuditedSet } from ${JSON.stringify(moduleUrl('exchange/audited-set.ts'))}
      const { database } = openWorkspace(${JSON.stringify(workspacePath)})
      await writeAuditedSet({
        database, table: new MapTable(database), folders: [${JSON.stringify(folder)}], attempt: 'test',
        earlier: null, keep: () => undefined,
        signal: new AbortController().signal, report: () => undefined,
        request: { filter: {}, include: 'any', form: 'set', rule: 'majority', calibration: 'active', format: 'folder', folder: ${JSON.stringify(folder)}, name: 'set',
          images: false, createdBy: 'Ada' },
      }).catch((error) => console.log(error.code, error.found))
      process.exit()`
      const command = 'ulimit -f 100 && exec "$0" --input-type=module --eval "$1"'
      const { stdout } = spawnSync('bash', ['-c', command, process.execPath, script], { encoding: 'utf8' })
      expect(stdout).toMatch(/^cannot_write .*EFBIG/)
      expect(readdirSync(folder)).toEqual([])
      rmSync(folder, { recursive: true })
    },
  )
})

function moduleUrl(path: string): string {
  return new URL(`../../../src/engine/${path}`, import.meta.url).href
}
