import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeZip } from '../../../src/engine/exchange/zip.ts'
import { seededGenerator } from '../../../src/shared/seeds.ts'
import { rejectionOf } from '../../support/errors.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heatproof-zip-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  const file = join(folder, name)
  await writeFile(file, content)
  return file
}

describe('writeZip', () => {
  it('packs files of any size', async () => {
    const generator = seededGenerator(1, 'zip')
    const large = Uint8Array.from({ length: 300_000 }, () => generator.uniformInt(0, 255))
    const entries = [
      { path: 'maps/dtd.npy', file: await fileOf('large', large) },
      { path: 'empty', file: await fileOf('none', '') },
      { path: 'verdicts für alle.csv', file: await fileOf('small', 'a,b\n') },
    ]
    await writeZip(join(folder, 'set.zip'), entries)
    const unpacked = unzipSync(await readFile(join(folder, 'set.zip')))
    expect(Object.keys(unpacked)).toEqual(['empty', 'maps/dtd.npy', 'verdicts für alle.csv'])
    expect(unpacked['maps/dtd.npy']).toEqual(large)
    expect(unpacked.empty?.length).toBe(0)
    expect(strFromU8(unpacked['verdicts für alle.csv'] ?? new Uint8Array(0))).toBe('a,b\n')
  })

  it('gives the same bytes for every order, file time and time zone', async () => {
    const zone = process.env.TZ
    const a = { path: 'a', file: await fileOf('a', 'one') }
    const b = { path: 'b', file: await fileOf('b', 'two') }
    try {
      process.env.TZ = 'Pacific/Auckland'
      await writeZip(join(folder, '1.zip'), [a, b])
      process.env.TZ = 'America/Los_Angeles'
      await utimes(a.file, 1e9, 1e9)
      await writeZip(join(folder, '2.zip'), [b, a])
    } finally {
      if (zone === undefined) delete process.env.TZ
      else process.env.TZ = zone
    }
    expect(await readFile(join(folder, '1.zip'))).toEqual(await readFile(join(folder, '2.zip')))
  })

  it.each(['../a', '/a', 'a/../../b', 'a//b', 'C:/a', 'a\\b', ''])("refuses the path '%s'", async (path) => {
    const error = await rejectionOf(
      writeZip(join(folder, 'set.zip'), [{ path, file: await fileOf('a', '') }]),
    )
    expect(error.code).toBe('bad_file')
    expect(await readdir(folder)).toEqual(['a'])
  })

  it('refuses a path twice and a missing file, and leaves nothing behind', async () => {
    const file = await fileOf('a', '')
    const target = join(folder, 'set.zip')
    const twice = [
      { path: 'x', file },
      { path: 'x', file },
    ]
    expect((await rejectionOf(writeZip(target, twice))).code).toBe('bad_argument')
    const missing = [{ path: 'x', file: join(folder, 'missing') }]
    expect((await rejectionOf(writeZip(target, missing))).code).toBe('not_found')
    await expect(writeZip(target, [{ path: 'x', file: folder }])).rejects.toThrow()
    expect((await rejectionOf(writeZip(join(folder, 'none', 'x.zip'), []))).code).toBe('cannot_write')
    expect(await readdir(folder)).toEqual(['a'])
  })
})
