import fc from 'fast-check'
import { PNG } from 'pngjs'
import { describe, expect, it } from 'vitest'
import { encodePng, type Picture } from '../../../src/engine/exchange/png.ts'
import { errorOf } from '../../support/errors.ts'

const pictures = fc
  .record({
    width: fc.integer({ min: 1, max: 12 }),
    height: fc.integer({ min: 1, max: 12 }),
    channels: fc.constantFrom(1 as const, 3 as const),
  })
  .chain((size) => {
    const length = size.width * size.height * size.channels
    return fc.uint8Array({ minLength: length, maxLength: length }).map((data): Picture => ({ ...size, data }))
  })

describe('encodePng', () => {
  it('keeps every pixel, grey or RGB, and gives the same bytes again', () => {
    fc.assert(
      fc.property(pictures, (picture) => {
        const encoded = encodePng(picture)
        const { width, height, data } = PNG.sync.read(Buffer.from(encoded))
        expect([width, height]).toEqual([picture.width, picture.height])
        for (let pixel = 0; pixel < width * height; pixel++) {
          const from = pixel * picture.channels
          const expected =
            picture.channels === 3
              ? [...picture.data.subarray(from, from + 3)]
              : [picture.data[from], picture.data[from], picture.data[from]]
          expect([...data.subarray(4 * pixel, 4 * pixel + 4)]).toEqual([...expected, 255])
        }
        expect(encodePng(picture)).toEqual(encoded)
      }),
      { seed: 6 },
    )
  })

  it('writes an 8-bit grey or RGB header', () => {
    const header = (channels: 1 | 3) =>
      [...encodePng({ width: 2, height: 1, channels, data: new Uint8Array(2 * channels) })].slice(16, 26)
    expect(header(1)).toEqual([0, 0, 0, 2, 0, 0, 0, 1, 8, 0])
    expect(header(3)).toEqual([0, 0, 0, 2, 0, 0, 0, 1, 8, 2])
  })

  it('holds no time and no text', () => {
    const text = Buffer.from(
      encodePng({ width: 1, height: 1, channels: 1, data: Uint8Array.of(7) }),
    ).toString('latin1')
    expect(text.match(/IHDR|IDAT|IEND|tIME|tEXt|zTXt|iTXt/g)).toEqual(['IHDR', 'IDAT', 'IEND'])
  })

  it.each([
    [2, 2, 3],
    [0, 5, 0],
    [1, 1, 2],
  ])('refuses %d x %d pixels of %d values', (width, height, length) => {
    expect(errorOf(() => encodePng({ width, height, channels: 1, data: new Uint8Array(length) })).code).toBe(
      'bad_argument',
    )
  })
})
