import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { contract } from '../../../src/shared/contract/contract.ts'
import { inputPaths } from '../../support/fuzz/input-paths.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { realServer } from './real-server.ts'

const folder = temporaryFolder()
const outside = mkdtempSync(join(tmpdir(), 'heatproof-outside-'))
afterAll(() => rmSync(outside, { recursive: true, force: true }))
writeFileSync(join(outside, 'inputs.npy'), 'secret')
symlinkSync(outside, join(folder, 'way-out'))
symlinkSync(join(outside, 'inputs.npy'), join(folder, 'way-out.npy'))
mkdirSync(join(folder, 'inside'))
const { owner } = await realServer(folder)

const FOLDERS = [
  outside,
  '/etc',
  join(folder, 'way-out'),
  join(folder, 'inside', '..', 'way-out'),
  `${folder}/../${outside.split('/').at(-1) ?? ''}`,
  `${folder}\u0000/x`,
  '../../../etc',
  'file:///etc',
  folder.slice(0, -1),
]
const NAMES = ['../set', '/etc/set', '..', '.', '.hidden', 'a/b', 'a\\b', 'set\u0000', 'way-out']

test('every path that a procedure takes is one of those that are tried below', () => {
  const paths = Object.entries(contract).flatMap(([name, { input }]) =>
    inputPaths(input).map((path) => `${name} ${path}`),
  )
  expect(paths.toSorted()).toEqual([
    'exports.start folder',
    'imports.inspect path',
    'imports.start path',
    'models.import fileName',
    'models.inspect fileName',
  ])
})

test.each(FOLDERS)('no export is written to %j', async (way) => {
  const answer = await owner.send('exports.start', {
    ...{ filter: {}, include: 'any', createdBy: 'Ada', folder: way, name: 'set' },
  })
  expect([400, 403, 404]).toContain(answer.status)
  expect(readdirSync(outside)).toEqual(['inputs.npy'])
})

test.each(NAMES)('no export is called %j', async (name) => {
  const answer = await owner.send('exports.start', {
    ...{ filter: {}, include: 'any', createdBy: 'Ada', folder, name },
  })
  expect([400, 403, 409]).toContain(answer.status)
  expect(readdirSync(outside)).toEqual(['inputs.npy'])
})

test.each([...FOLDERS, join(folder, 'way-out.npy'), join(folder, 'way-out', 'inputs.npy')])(
  'nothing is imported from %j',
  async (path) => {
    for (const answer of [
      await owner.send('imports.inspect', { path }),
      await owner.send('imports.start', { path, createdBy: 'Ada' }),
    ]) {
      expect([400, 403, 404]).toContain(answer.status)
      expect(JSON.stringify(answer)).not.toContain('secret')
    }
  },
)
