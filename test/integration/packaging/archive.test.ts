import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { isBuiltin, stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import typescript from 'typescript'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import packageJson from '../../../package.json' with { type: 'json' }
import { shippedNode } from '../../../src/hosts/shipped-node.mjs'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { running } from '../server/running.ts'

const ROOT = join(import.meta.dirname, '../../..')
const folder = temporaryFolder()
const unpacked = join(folder, 'package')

/** What `npm pack` makes of the built screens that are there; those of `npm test` are of this very source. */
beforeAll(() => {
  const options = { cwd: ROOT, encoding: 'utf8' } as const
  const packed = spawnSync(
    'npm',
    ['pack', '--ignore-scripts', '--json', '--pack-destination', folder],
    options,
  )
  expect(packed.status).toBe(0)
  const [archive = ''] = readdirSync(folder).filter((file) => file.endsWith('.tgz'))
  expect(statSync(join(folder, archive)).size).toBeLessThan(60e6)
  expect(spawnSync('tar', ['-xzf', archive], { cwd: folder }).status).toBe(0)
})

function filesBelow(start: string): string[] {
  return readdirSync(join(unpacked, start), { recursive: true, encoding: 'utf8' }).map((file) =>
    join(start, file),
  )
}

/** Packages that a source file imports when it runs, at once or later. */
function importsOf(file: string): string[] {
  const code = stripTypeScriptTypes(readFileSync(join(unpacked, file), 'utf8'))
  const imported = typescript.preProcessFile(code).importedFiles.map(({ fileName }) => fileName)
  return imported.filter((name) => !name.startsWith('.')).map(packageOf)
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

/** Measures in a browser where one is there, and says so where none is. */
const WITHOUT_IT = 'src/hosts/bench/chromium.ts: @sparticuz/chromium'

describe('the archive', () => {
  test('has what runs and nothing that only builds and tests', () => {
    const top = readdirSync(unpacked).toSorted()
    expect(top).toEqual(
      [
        'CHANGELOG.md',
        'LICENSE',
        'README.md',
        'docs',
        'out',
        'package.json',
        'resources',
        'scripts',
        'src',
      ].toSorted(),
    )
    expect(readdirSync(join(unpacked, 'src')).toSorted()).toEqual(['charts', 'engine', 'hosts', 'shared'])
    expect(existsSync(join(unpacked, 'out/renderer/index.html'))).toBe(true)
    const odd = filesBelow('.').filter((file) => /\.(test\.ts|heatproof|pem|map)$|(^|\/)\.env/.test(file))
    expect(odd).toEqual([])
  })

  /** AssemblyScript (`.as.ts`) is compiled, and nothing runs it. */
  test('names every package that its sources import', () => {
    const named = [...Object.keys(packageJson.dependencies), ...Object.keys(packageJson.optionalDependencies)]
    const sources = filesBelow('src').filter(
      (file) => /\.(ts|mjs)$/.test(file) && !/\.(d|as)\.ts$/.test(file),
    )
    const missing = sources.flatMap((file) =>
      importsOf(file)
        .filter((name) => !isBuiltin(name) && !named.includes(name))
        .map((name) => `${file}: ${name}`),
    )
    expect(sources.length).toBeGreaterThan(300)
    expect(missing).toEqual([WITHOUT_IT])
  })

  test('makes a workspace and serves its screens', async () => {
    symlinkSync(join(ROOT, 'node_modules'), join(unpacked, 'node_modules'))
    await makeAndServe('borrowed')
  })

  /** Takes minutes and 1 GB from the registry: `npm run test:exhaustive`. */
  test.runIf(process.env['HEATPROOF_EXHAUSTIVE'] === '1')(
    'does so with what npm installs for it from the registry',
    async () => {
      rmSync(join(unpacked, 'node_modules'), { force: true })
      const args = ['install', '--omit=dev', '--no-audit', '--no-fund']
      const { status, stderr } = spawnSync('npm', args, { cwd: unpacked, encoding: 'utf8' })
      expect(status, stderr).toBe(0)
      expect(existsSync(join(unpacked, 'node_modules/vitest'))).toBe(false)
      const node = join(unpacked, 'node_modules', shippedNode())
      expect(spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout).toMatch(/^v2[4-9]\./)
      await makeAndServe('installed')
    },
  )
})

/** A workspace of that name, by the command of the unpacked archive; a page and its script come from its server. */
async function makeAndServe(name: string): Promise<void> {
  const command = join(unpacked, 'src/hosts/heatproof.mjs')
  const workspace = join(folder, `${name}.heatproof`)
  expect((await running(command, 'init', workspace).ended()).code).toBe(0)
  const server = running(command, 'serve', '--workspace', workspace)
  const address = new URL((await server.nextLine()) ?? '')
  const headers = { authorization: `Bearer ${address.searchParams.get('token') ?? ''}` }
  const page = await (await fetch(`${address.origin}/`, { headers })).text()
  const script = z.string().parse(/src="([^"]+\.js)"/.exec(page)?.[1])
  expect((await fetch(new URL(script, address.origin), { headers })).status).toBe(200)
  server.process.kill('SIGTERM')
  expect((await server.ended()).code).toBe(0)
}
