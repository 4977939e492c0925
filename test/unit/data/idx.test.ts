import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseIdx, readIdxFile } from '../../../src/engine/data/idx.ts'
import { readLabelledImages } from '../../../src/engine/data/labelled-images.ts'
import { errorOf, rejectionOf } from '../../support/errors.ts'
import { idxBytes } from '../../support/idx.ts'

const SOURCE = 'train-images-idx3-ubyte'

describe('parseIdx', () => {
  it('reads bytes of any shape', () => {
    expect(parseIdx(Uint8Array.of(0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 255), SOURCE)).toEqual({
      shape: [2, 3],
      data: Uint8Array.of(1, 2, 3, 4, 5, 255),
    })
    const shapes = fc.array(fc.nat(6), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(shapes, (shape) => {
        const size = shape.reduce((product, next) => product * next, 1)
        const data = Uint8Array.from({ length: size }, (_, index) => index % 256)
        expect(parseIdx(idxBytes(shape, data), SOURCE)).toEqual({ shape, data })
      }),
      { seed: 3 },
    )
  })

  it.each<[string, Uint8Array, string]>([
    ['empty', new Uint8Array(0), "beginning with ''"],
    ['a gzip file', Uint8Array.of(0x1f, 0x8b, 8, 0), "'1f 8b 08 00'"],
    ['an unknown type', Uint8Array.of(0, 0, 7, 1, 0, 0, 0, 0), "'00 00 07 01'"],
    ['no dimension', Uint8Array.of(0, 0, 8, 0), "'00 00 08 00'"],
    ['floats', Uint8Array.of(0, 0, 0x0d, 1, 0, 0, 0, 1, 0, 0, 0, 0), 'type float'],
    ['data missing', idxBytes([2, 3], new Uint8Array(5)), '5 bytes of data'],
    ['data left over', idxBytes([2, 3], new Uint8Array(7)), '7 bytes of data'],
    ['an absurd size', idxBytes([2 ** 32 - 1, 2 ** 32 - 1], new Uint8Array(4)), '4 bytes of data'],
  ])('refuses: %s', (_, bytes, found) => {
    const error = errorOf(() => parseIdx(bytes, SOURCE))
    expect(error.code).toBe('bad_file')
    expect(error.found).toContain(found)
    expect(error.found).toContain(SOURCE)
  })

  it('refuses a file cut at any byte', () => {
    const whole = idxBytes([2, 2, 2], new Uint8Array(8))
    for (let length = 0; length < whole.length; length++) {
      expect(errorOf(() => parseIdx(whole.subarray(0, length), SOURCE)).code).toBe('bad_file')
    }
  })
})

describe('files', () => {
  let folder = ''
  const write = async (name: string, bytes: Uint8Array) => {
    const path = join(folder, name)
    await writeFile(path, bytes)
    return path
  }
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heatproof-idx-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('reads plain and gzipped files alike, whatever their names', async () => {
    const bytes = idxBytes([3], Uint8Array.of(7, 8, 9))
    const plain = await readIdxFile(await write('plain.gz', bytes))
    const packed = await readIdxFile(await write('packed', gzipSync(bytes)))
    expect(plain.data).toEqual(Uint8Array.of(7, 8, 9))
    expect(packed.data).toEqual(plain.data)
    expect(packed.file.contentSha256).toBe(plain.file.contentSha256)
    expect(plain.file.sha256).toBe(plain.file.contentSha256)
    expect(packed.file.sha256).not.toBe(packed.file.contentSha256)
    expect(packed.file.name).toBe('packed')
  })

  it('refuses a gzip file cut at any byte, and a missing one', async () => {
    const packed = gzipSync(idxBytes([3], Uint8Array.of(7, 8, 9)))
    for (let length = 0; length < packed.length; length++) {
      const error = await rejectionOf(readIdxFile(await write('cut.gz', packed.subarray(0, length))))
      expect(error.code).toBe('bad_file')
    }
    expect((await rejectionOf(readIdxFile(join(folder, 'none')))).code).toBe('not_found')
  })

  const images = idxBytes([2, 28, 28], new Uint8Array(2 * 784))
  const labels = idxBytes([2], Uint8Array.of(9, 0))

  it('reads images with their labels', async () => {
    const read = await readLabelledImages(await write('i', images), await write('l', gzipSync(labels)))
    expect(read.count).toBe(2)
    expect(read.images.length).toBe(2 * 784)
    expect([...read.labels]).toEqual([9, 0])
    expect(read.files.map(({ name }) => name)).toEqual(['i', 'l'])
  })

  it.each<[string, Uint8Array, Uint8Array, string, string]>([
    ['labels missing', images, idxBytes([1], new Uint8Array(1)), 'bad_file', '1 labels'],
    ['labels left over', images, idxBytes([3], new Uint8Array(3)), 'bad_file', '3 labels'],
    ['files swapped', labels, images, 'bad_file', 'shape [2]'],
    ['images as labels', images, images, 'bad_file', 'shape [2, 28, 28]'],
    ['another size', idxBytes([1, 32, 32], new Uint8Array(1024)), labels, 'bad_file', '[1, 32, 32]'],
    ['no images', idxBytes([0, 28, 28], new Uint8Array(0)), labels, 'bad_file', '[0, 28, 28]'],
    ['class 10', images, idxBytes([2], Uint8Array.of(0, 10)), 'bad_values', 'class 10 of image 1'],
  ])('refuses: %s', async (_, imageBytes, labelBytes, code, found) => {
    const [imagesPath, labelsPath] = [await write('images', imageBytes), await write('labels', labelBytes)]
    const error = await rejectionOf(readLabelledImages(imagesPath, labelsPath))
    expect(error.code).toBe(code)
    expect(error.found).toContain(found)
  })
})
