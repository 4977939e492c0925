import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { heatproof } from './heatproof.ts'

const folder = temporaryFolder()
const file = join(folder, 'digits.heatproof')
const out = join(folder, 'part.jsonl')
const MODEL = fileURLToPath(
  new URL('../../../resources/models/deep-mnist-3-digits-maj-seq-12-fold-1.safetensors', import.meta.url),
)

test('explain --shard leaves the workspace alone, and merge takes its file in', () => {
  openWorkspace(file, { create: true }).close()
  expect(heatproof('models', '--workspace', file, '--import', MODEL).status).toBe(0)
  const options = ['--workspace', file, '--backend', 'wasm', '--methods', 'sa,dtd', '--count', '5']
  const shard = heatproof('explain', ...options, '--shard', '2/2', '--out', out, '--json')
  expect(JSON.parse(shard.stdout)).toMatchObject({ path: out, shard: { index: 2, of: 2 }, maps: 4 })
  expect(existsSync(`${out}.part`)).toBe(false)
  const merged = heatproof('merge', '--workspace', file, out)
  expect(merged.stdout).toMatch(/^run 1, .*: 4 maps came in; 1 of 2 parts are there\n$/)
  const again = heatproof('merge', '--workspace', file, out)
  expect([again.status, again.stdout]).toEqual([2, ''])
  expect(again.stderr).toContain('Nothing was taken in.')
})

test.each([
  [['--shard', '3/2', '--out', out], /first being 1\/16/],
  [['--shard', '1/2'], /--shard without --out/],
  [['--out', out], /--out without --shard/],
])('explain %j is refused', (args, message) => {
  const { status, stderr } = heatproof('explain', '--workspace', file, ...args)
  expect(status).toBe(2)
  expect(stderr).toMatch(message)
})
