import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { listPackage } from '@electron/asar'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import electron from 'electron/package.json' with { type: 'json' }
import type { EngineEnd } from '../../../src/hosts/child/engine-end.ts'
import { launchEngine } from '../../../src/hosts/child/launch.ts'
import { enginePaths } from '../../../src/main/engine-paths.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const Package = z.object({ name: z.string(), version: z.string() })
const ROOT = join(import.meta.dirname, '../../..')
const folder = temporaryFolder()
const binary = join(folder, 'electron')
const built = join(folder, 'built', 'linux-unpacked')
const resources = join(built, 'resources')
const unpacked = join(resources, 'app.asar.unpacked')

/** What Electron's binary is recognized by, its version and length, then its fuses, all as Electron ships them. */
const FUSES = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX\u0001\u0009101001110'

/** Takes over a minute and a gigabyte: `npm run test:exhaustive`. */
describe.runIf(process.env['HEATPROOF_EXHAUSTIVE'] === '1')('the app for Linux', () => {
  /** electron-builder itself, on a file with fuses in the place of Electron's binary. */
  beforeAll(() => {
    mkdirSync(join(binary, 'resources'), { recursive: true })
    writeFileSync(join(binary, 'electron'), FUSES, { mode: 0o755 })
    writeFileSync(join(binary, 'version'), electron.version)
    const settings = [
      `-c.electronDist=${binary}`,
      `-c.directories.output=${join(folder, 'built')}`,
      '--publish=never',
    ]
    const { status, stderr } = spawnSync('electron-builder', ['--linux', 'dir', ...settings], {
      cwd: ROOT,
      encoding: 'utf8',
    })
    expect(stderr).toBe('')
    expect(status).toBe(0)
  })

  test('has every package that runs, none that builds and tests, and less than 1.2 GB', () => {
    const options = { cwd: ROOT, encoding: 'utf8' } as const
    const { stdout } = spawnSync('npm', ['ls', '--omit=dev', '--all', '--parseable'], options)
    const expected = stdout.split('\n').filter((path) => path.includes('node_modules'))
    const shipped = packagesBelow(join(unpacked, 'node_modules')).map(nameAndVersion)
    expect(shipped.length).toBeGreaterThan(300)
    expect(new Set(shipped)).toEqual(new Set(expected.map(nameAndVersion)))
    expect(sizeOf(built)).toBeLessThan(1.2e9)
  })

  test('has the window in the archive, and neither its sources nor tests anywhere', () => {
    const files = listPackage(join(resources, 'app.asar'), { isPack: true })
    const packed = files.filter((file) => /^pack\s+: \/(?!node_modules\/).*\.c?js$/.test(file))
    expect(packed.map((file) => file.slice('pack   : '.length))).toEqual([
      '/out/main/index.js',
      '/out/preload/index.cjs',
    ])
    const top = new Set(files.map((file) => file.slice(file.indexOf('/')).split('/').slice(0, 3).join('/')))
    expect([...top].filter((file) => /^\/(src|resources|test|scripts)/.test(file)).toSorted()).toEqual([
      '/resources',
      '/resources/data',
      '/resources/models',
      '/src',
      '/src/charts',
      '/src/engine',
      '/src/hosts',
      '/src/shared',
    ])
  })

  test('has its fuses set: no Node in the window, and only the archive, checked', () => {
    const fuses = readFileSync(join(built, 'heatproof'), 'latin1').slice(-9, -1)
    expect(fuses).toBe('01001100')
  })

  test('runs its engine with the Node that it ships, as the window does', async () => {
    const ready = Promise.withResolvers<string>()
    const end = Promise.withResolvers<EngineEnd>()
    const engine = launchEngine(
      { ...enginePaths(true, '', resources), workspace: join(folder, 'a.heatproof'), whenMissing: 'empty' },
      { onReady: ({ address }) => ready.resolve(address), onFailed: ready.reject, onExit: end.resolve },
    )
    const { status } = await fetch(await ready.promise)
    expect(status).toBe(200)
    engine.close()
    expect(await end.promise).toMatchObject({ code: 0, endedFor: null })
  })
})

/** Folders of packages below a `node_modules`, also of those inside of others: electron-builder may move these. */
function packagesBelow(modules: string): string[] {
  const found = readdirSync(modules, { recursive: true, encoding: 'utf8' })
  return found
    .filter((path) => /^(.*\/node_modules\/)?(@[^/]+\/)?[^/@.][^/]*\/package\.json$/.test(path))
    .map((path) => join(modules, dirname(path)))
}

function nameAndVersion(folder: string): string {
  const { name, version } = Package.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')))
  return `${name}@${version}`
}

function sizeOf(start: string): number {
  const files = readdirSync(start, { recursive: true, encoding: 'utf8' }).map((file) => join(start, file))
  return files.reduce((sum, file) => sum + statSync(file).size, 0)
}
