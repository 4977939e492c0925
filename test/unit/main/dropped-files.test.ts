import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { sortDropped } from '../../../src/main/dropped-files.ts'
import { temporaryFolder } from '../../integration/support/temporary-folder.ts'

const folder = temporaryFolder()
const inFolder = (name: string): string => join(folder, name)
const file = (name: string): string => {
  writeFileSync(inFolder(name), '')
  return inFolder(name)
}

test('workspaces open, each once, and others are named', () => {
  const [a, b, notes] = [file('a.heatproof'), file('b.heatproof'), file('notes.txt')]
  expect(sortDropped([a, b, a])).toEqual({ workspaces: [a, b], refusal: null })
  const { workspaces, refusal } = sortDropped([notes, a, folder])
  expect(workspaces).toEqual([a])
  expect(refusal).toEqual({
    title: '“notes.txt” and 1 more are no workspaces',
    detail: 'A workspace is a file that ends in .heatproof. Maps, sets and networks come in under Runs.',
  })
})

test('a link to a workspace opens', () => {
  file('real.heatproof')
  symlinkSync('real.heatproof', inFolder('link.heatproof'))
  expect(sortDropped([inFolder('link.heatproof')]).workspaces).toEqual([inFolder('link.heatproof')])
})

test.skipIf(process.platform === 'win32')('a pipe, a folder, a device and what leads nowhere do not', () => {
  mkdirSync(inFolder('folder.heatproof'))
  symlinkSync('/dev/zero', inFolder('device.heatproof'))
  symlinkSync(inFolder('gone'), inFolder('nowhere.heatproof'))
  symlinkSync('loop.heatproof', inFolder('loop.heatproof'))
  expect(spawnSync('mkfifo', [inFolder('pipe.heatproof')]).status).toBe(0)
  for (const name of ['folder', 'device', 'nowhere', 'loop', 'pipe', 'missing']) {
    const { workspaces, refusal } = sortDropped([inFolder(`${name}.heatproof`)])
    expect(workspaces, name).toEqual([])
    expect(refusal?.title).toBe(`“${name}.heatproof” is no workspace`)
  }
})

test('a path that depends on where the program runs does not', () => {
  const path = relative(process.cwd(), file('relative.heatproof'))
  expect(existsSync(path)).toBe(true)
  expect(sortDropped([path]).workspaces).toEqual([])
})

test.each(['a.heatproof', '', 'file:///a.heatproof', 'https://evil.example/a.heatproof', '/a.heatproof\0'])(
  'what is no path on this computer does not: %j',
  (path) => {
    expect(sortDropped([path]).workspaces).toEqual([])
  },
)

test('very many at once are too many', () => {
  const many = Array.from({ length: 6 }, (_, index) => file(`many-${index}.heatproof`))
  expect(sortDropped(many).workspaces).toEqual([])
  expect(sortDropped(many).refusal?.detail).toContain('Drop up to 5 at once.')
  expect(sortDropped(many.slice(1)).workspaces).toHaveLength(5)
})
