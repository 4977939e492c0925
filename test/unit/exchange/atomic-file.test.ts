import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  createAtomicFile,
  writeAtomically,
  writeFileAtomically,
} from '../../../src/engine/exchange/atomic-file.ts'
import { rejectionOf } from '../../support/errors.ts'
import { titled } from '../../support/skip-reason.ts'

const MODULE = fileURLToPath(new URL('../../../src/engine/exchange/atomic-file.ts', import.meta.url))

let folder = ''
let path = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heatproof-atomic-'))
  path = join(folder, 'result')
})
afterEach(() => rm(folder, { recursive: true }))

describe('atomic files', () => {
  it('appear whole, over an older file', async () => {
    await writeFile(path, 'older')
    const file = await createAtomicFile(path)
    await file.write(Buffer.from('new '))
    await file.write(Buffer.from('one'))
    expect(await readFile(path, 'utf8')).toBe('older')
    await file.commit()
    await file.discard()
    expect(await readFile(path, 'utf8')).toBe('new one')
    expect(await readdir(folder)).toEqual(['result'])
  })

  it('leave nothing behind when the writing code fails, and pass its error on', async () => {
    const failure = new Error('no more data')
    const writing = writeAtomically(path, async (file) => {
      await file.write(Buffer.from('half'))
      throw failure
    })
    await expect(writing).rejects.toBe(failure)
    expect(await readdir(folder)).toEqual([])
  })

  it.each([
    ['a missing folder', 'none/result'],
    ['a file as folder', 'file/result'],
    ['a folder as file', '.'],
  ])('refuse %s', async (_, target) => {
    await writeFile(join(folder, 'file'), '')
    const error = await rejectionOf(writeFileAtomically(join(folder, target), Buffer.from('x')))
    expect(error.code).toBe('cannot_write')
    expect(error.exitCode).toBe(1)
    expect(await readdir(folder)).toEqual(['file'])
  })

  const onWindows = process.platform === 'win32'
  it.skipIf(onWindows)(
    titled('leave nothing behind when the room runs out', onWindows, 'Windows has no ulimit'),
    async () => {
      await writeFile(path, 'older')
      const script = `
      import { writeFileAtomically } from ${JSON.stringify(MODULE)}
      await writeFileAtomically(${JSON.stringify(path)}, new Uint8Array(1_000_000)).catch((error) => console.log(error.code, error.found))
    `
      const command = 'ulimit -f 100 && exec "$0" --input-type=module --eval "$1"'
      const { stdout } = spawnSync('bash', ['-c', command, process.execPath, script], { encoding: 'utf8' })
      expect(stdout).toMatch(/^cannot_write .*EFBIG/)
      expect(await readdir(folder)).toEqual(['result'])
      expect(await readFile(path, 'utf8')).toBe('older')
    },
  )
})
