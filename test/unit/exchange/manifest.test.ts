import { appendFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listFolder, verifyFolder, type ManifestEntry } from '../../../src/engine/exchange/manifest.ts'
import { rejectionOf } from '../../support/errors.ts'

const ABC = { bytes: 3, sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' }

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heatproof-manifest-'))
  await mkdir(join(folder, 'maps'))
  await writeFile(join(folder, 'maps', 'dtd.npy'), 'abc')
  await writeFile(join(folder, 'scores.csv'), 'abc')
  await writeFile(join(folder, 'manifest.json'), '{}')
})
afterEach(() => rm(folder, { recursive: true }))

const list = () => listFolder(folder, ['manifest.json'])
const verify = (entries: readonly ManifestEntry[]) => verifyFolder(folder, entries, ['manifest.json'])

describe('listFolder', () => {
  it('lists size and hash of every file, sorted', async () => {
    expect(await list()).toEqual([
      { path: 'maps/dtd.npy', ...ABC },
      { path: 'scores.csv', ...ABC },
    ])
  })

  it('refuses a missing folder and a file in its place', async () => {
    expect((await rejectionOf(listFolder(join(folder, 'none')))).code).toBe('not_found')
    expect((await rejectionOf(listFolder(join(folder, 'scores.csv')))).code).toBe('not_found')
  })

  it.each(['/etc/passwd', '/etc', 'missing'])('refuses a link to %s', async (target) => {
    await symlink(target, join(folder, 'maps', 'link'))
    const error = await rejectionOf(list())
    expect(error.code).toBe('bad_file')
    expect(error.found).toContain('the link maps/link')
  })

  it('refuses special files', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(join(folder, 'socket'), resolve))
    expect((await rejectionOf(list())).found).toContain('the special file socket')
    await new Promise((resolve) => server.close(resolve))
  })
})

describe('verifyFolder', () => {
  it('finds no difference in an untouched folder', async () => {
    expect(await verify(await list())).toEqual([])
  })

  it('names what is missing, extra and changed', async () => {
    const entries = await list()
    await rm(join(folder, 'maps', 'dtd.npy'))
    await writeFile(join(folder, 'maps', 'new.npy'), 'abc')
    await writeFile(join(folder, 'scores.csv'), 'abd')
    const found = await verify(entries)
    expect(found.map(({ kind, path }) => [kind, path])).toEqual([
      ['missing', 'maps/dtd.npy'],
      ['extra', 'maps/new.npy'],
      ['changed', 'scores.csv'],
    ])
    expect(found[2]).toMatchObject({ expected: ABC, found: { bytes: 3 } })
  })

  it('finds one byte more', async () => {
    const entries = await list()
    await appendFile(join(folder, 'scores.csv'), '\n')
    expect((await verify(entries)).map(({ kind }) => kind)).toEqual(['changed'])
  })

  it.each<[string, unknown]>([
    ['a path to the parent', { path: '../secret', ...ABC }],
    ['a hidden path to the parent', { path: 'maps/../../secret', ...ABC }],
    ['an absolute path', { path: '/etc/passwd', ...ABC }],
    ['a drive', { path: 'C:/secret', ...ABC }],
    ['a backslash', { path: '..\\secret', ...ABC }],
    ['an empty path', { path: '', ...ABC }],
    ['a zero byte', { path: 'a\u0000b', ...ABC }],
    ['a short hash', { path: 'a', bytes: 3, sha256: 'ba78' }],
    ['an upper-case hash', { path: 'a', bytes: 3, sha256: ABC.sha256.toUpperCase() }],
    ['a negative size', { path: 'a', bytes: -1, sha256: ABC.sha256 }],
    ['a file twice', { path: 'scores.csv', ...ABC }],
  ])('refuses a manifest with %s', async (_, entry) => {
    const error = await rejectionOf(verify([...(await list()), entry as ManifestEntry]))
    expect(error.code).toBe('bad_file')
    expect(error.found).toContain('the manifest of')
  })
})
