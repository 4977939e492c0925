import { describe, expect, it } from 'vitest'
import {
  checkRegions,
  forEachPixel,
  itemRegions,
  type MapRegion,
} from '../../../src/engine/metrics/regions.ts'

function pixelsOf(region: MapRegion, columns: number): number[] {
  const pixels: number[] = []
  forEachPixel(region, columns, (pixel) => pixels.push(pixel))
  return pixels
}

describe('itemRegions', () => {
  it('cuts a map into items of equal width, left to right', () => {
    const regions = itemRegions(28, 84, [1, 0, 1])
    expect(regions.map(({ box }) => box)).toEqual([
      { row: 0, column: 0, height: 28, width: 28 },
      { row: 0, column: 28, height: 28, width: 28 },
      { row: 0, column: 56, height: 28, width: 28 },
    ])
    expect(regions.map(({ mark }) => mark)).toEqual([1, 0, 1])
  })

  it('together with forEachPixel covers every pixel once', () => {
    const pixels = itemRegions(3, 8, [1, 0, 1, 1]).flatMap((region) => pixelsOf(region, 8))
    expect(pixels.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, pixel) => pixel))
  })

  it('refuses marks that do not divide the columns', () => {
    expect(() => itemRegions(28, 84, [1, 0, 1, 0, 1])).toThrow(/5 marks for maps of 84 columns/)
  })
})

describe('forEachPixel', () => {
  it('visits a box row by row', () => {
    const box = { row: 1, column: 2, height: 2, width: 2 }
    expect(pixelsOf({ name: 'a', mark: 1, box }, 5)).toEqual([7, 8, 12, 13])
  })

  it('visits the pixels of a box where its mask is not 0', () => {
    const box = { row: 1, column: 1, height: 2, width: 2 }
    expect(pixelsOf({ name: 'a', mark: 1, box, mask: Uint8Array.of(0, 1, 0, 255) }, 4)).toEqual([6, 10])
  })
})

describe('checkRegions', () => {
  const inside = { row: 0, column: 0, height: 2, width: 3 }
  const withBox = (box: typeof inside): MapRegion[] => [{ name: 'left', mark: 1, box }]

  it('accepts a box that touches every border and a mask of the size of its box', () => {
    expect(() => checkRegions(withBox(inside), 2, 3)).not.toThrow()
    expect(() =>
      checkRegions([{ name: 'all', mark: 0, box: inside, mask: new Uint8Array(6) }], 2, 3),
    ).not.toThrow()
  })

  it.each([
    ['too high', { ...inside, height: 3 }],
    ['too wide', { ...inside, width: 4 }],
    ['moved out downwards', { ...inside, row: 1 }],
    ['moved out to the right', { ...inside, column: 1 }],
    ['above the map', { ...inside, row: -1, height: 1 }],
    ['left of the map', { ...inside, column: -1, width: 1 }],
    ['empty', { ...inside, width: 0 }],
    ['without height', { ...inside, height: 0 }],
    ['between pixels', { ...inside, width: 1.5 }],
  ])('refuses a box that is %s', (_, box) => {
    expect(() => checkRegions(withBox(box), 2, 3)).toThrow(/region 'left'/)
  })

  it('refuses a mask of another size', () => {
    const regions: MapRegion[] = [{ name: 'strokes', mark: 1, box: inside, mask: new Uint8Array(5) }]
    expect(() => checkRegions(regions, 2, 3)).toThrow(/mask of 5 pixels/)
  })
})
