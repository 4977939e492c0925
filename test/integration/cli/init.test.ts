import { mkdtempSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { heatproof as started } from '../server/running.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { heatproof, heatproofOnFullDisk } from './heatproof.ts'

const root = temporaryFolder()
const own = () => mkdtempSync(join(root, 'case-'))
const CLI = new URL('../../../src/hosts/cli.ts', import.meta.url)

/** Native libraries that a command has loaded when it ends. */
function librariesOf(...args: string[]): string[] {
  const script = `
    process.argv.splice(1, 0, 'heatproof')
    process.on('exit', () => console.error(JSON.stringify(process.report.getReport().sharedObjects)))
    await import(${JSON.stringify(CLI.href)})`
  const { stderr, status } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', script, '--', ...args],
    { encoding: 'utf8' },
  )
  expect(status).toBe(0)
  const objects = JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as string[]
  return ['tensorflow', 'better-sqlite3'].filter((name) => objects.some((path) => path.includes(name)))
}

describe('a new workspace', () => {
  test('is made without TensorFlow, and help without any native code', () => {
    expect(librariesOf('--help')).toEqual([])
    expect(librariesOf('init', join(own(), 'empty.heatproof'))).toEqual(['better-sqlite3'])
  })

  test('with the sample leaves nothing after Ctrl+C', async () => {
    const folder = own()
    const init = started('init', '--sample', join(folder, 'digits.heatproof'))
    await new Promise((resolve) => init.process.stderr?.once('data', resolve))
    expect(readdirSync(folder)).not.toContain('digits.heatproof')
    init.process.kill('SIGINT')
    const { code, error } = await init.ended()
    expect(error).toContain('Nothing was kept; start it again.')
    expect(code).toBe(130)
    expect(readdirSync(folder)).toEqual([])
  })

  test('with the sample leaves nothing where the room runs out', () => {
    const folder = own()
    const { status, stderr } = heatproofOnFullDisk(3000, 'init', '--sample', join(folder, 'digits.heatproof'))
    expect(stderr).toMatch(/^heatproof: Found /m)
    expect(status).toBe(1)
    expect(readdirSync(folder)).toEqual([])
  })

  test('never takes the place of a file', () => {
    const folder = own()
    const path = join(folder, 'digits.heatproof')
    expect(heatproof('init', path).status).toBe(0)
    expect(heatproof('init', path)).toMatchObject({ status: 2, stdout: '' })
    expect(readdirSync(folder)).toEqual(['digits.heatproof'])
  })
})
