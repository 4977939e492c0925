import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PNG } from 'pngjs'
import { expect, test } from 'vitest'
import { icnsOf, icoOf } from '../../../scripts/icons/containers.ts'

const FOLDER = join(import.meta.dirname, '../../../resources/icons')
const icon = (name: string): Buffer => readFileSync(join(FOLDER, name))

test('Linux has a picture of 1024 pixels', () => {
  const { width, height } = PNG.sync.read(icon('icon.png'))
  expect([width, height]).toEqual([1024, 1024])
})

test('each picture of the Windows icon has the side that its entry says', () => {
  const file = icon('icon.ico')
  const sides = Array.from({ length: file.readUInt16LE(4) }, (_, index) => {
    const entry = 6 + index * 16
    const start = file.readUInt32LE(entry + 12)
    const picture = PNG.sync.read(file.subarray(start, start + file.readUInt32LE(entry + 8)))
    expect(picture.width % 256).toBe(file.readUInt8(entry))
    return picture.width
  })
  expect(sides).toEqual([16, 24, 32, 48, 64, 128, 256])
})

test('the macOS icon holds a picture of every side up to 1024 pixels', () => {
  const file = icon('icon.icns')
  expect(file.readUInt32BE(4)).toBe(file.length)
  const sides = []
  for (let at = 8; at < file.length; at += file.readUInt32BE(at + 4)) {
    sides.push(PNG.sync.read(file.subarray(at + 8, at + file.readUInt32BE(at + 4))).width)
  }
  expect(sides).toEqual([16, 32, 64, 128, 256, 512, 1024])
})

test('a side that a format does not know is refused', () => {
  const picture = { side: 300, png: Buffer.alloc(0) }
  expect(() => icnsOf([picture])).toThrow('An icns file has no picture of 300 pixels.')
  expect(() => icoOf([picture])).toThrow('An ico file has no picture of 300 pixels.')
})
