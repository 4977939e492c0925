import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeStatus } from '../../../scripts/tensorflow/install.mjs'
import { readTensorflowStatus } from '../../../src/engine/compute/tensorflow-status.ts'

const makeFolder = () => mkdtempSync(join(tmpdir(), 'heatproof-status-'))

test('reads what the installation wrote', () => {
  const project = makeFolder()
  writeStatus(project, { outcome: 'ready', route: 'wheel', reason: 'built' }, 12.345)
  const status = readTensorflowStatus(join(project, 'node_modules', '.cache', 'heatproof', 'tensorflow.json'))
  expect(status).toMatchObject({ outcome: 'ready', route: 'wheel', reason: 'built', seconds: 12.3 })
  expect(Date.now() - Date.parse('at' in status ? status.at : '')).toBeLessThan(10_000)
})

test('no record', () => {
  const status = readTensorflowStatus(join(makeFolder(), 'tensorflow.json'))
  expect(status.outcome).toBe('unknown')
  expect(status.reason).toContain('node scripts/install-tensorflow.mjs')
})

test.each([
  '',
  '{',
  'null',
  '{"outcome":"splendid","route":null,"reason":"","seconds":1,"at":"2026-01-01T00:00:00Z"}',
])('a damaged record: %j', (content) => {
  const file = join(makeFolder(), 'tensorflow.json')
  writeFileSync(file, content)
  const status = readTensorflowStatus(file)
  expect(status.outcome).toBe('unknown')
  expect(status.reason).toContain('damaged')
})
