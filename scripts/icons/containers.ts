/** A square PNG file and its side in pixels. */
export interface Picture {
  side: number
  png: Buffer
}

/** Apple's names of PNG pictures by their side in pixels. */
const ICNS_TYPES = new Map([
  [16, 'icp4'],
  [32, 'icp5'],
  [64, 'icp6'],
  [128, 'ic07'],
  [256, 'ic08'],
  [512, 'ic09'],
  [1024, 'ic10'],
])

/**
 * Apple's icon file: each picture behind its type and length.
 *
 * @throws RangeError where there is no type for a picture's side
 */
export function icnsOf(pictures: readonly Picture[]): Buffer {
  const chunks = pictures.map(({ side, png }) => {
    const type = ICNS_TYPES.get(side)
    if (type === undefined) throw new RangeError(`An icns file has no picture of ${side} pixels.`)
    return chunk(type, png)
  })
  return chunk('icns', Buffer.concat(chunks))
}

function chunk(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.write(type, 'latin1')
  head.writeUInt32BE(8 + content.length, 4)
  return Buffer.concat([head, content])
}

const ICO_HEAD = 6
const ICO_ENTRY = 16

/**
 * Windows' icon file: a directory of entries, then the pictures.
 *
 * @throws RangeError where a picture is larger than 256 pixels
 */
export function icoOf(pictures: readonly Picture[]): Buffer {
  const head = Buffer.alloc(ICO_HEAD)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(pictures.length, 4)
  let offset = ICO_HEAD + ICO_ENTRY * pictures.length
  const entries = pictures.map(({ side, png }) => {
    if (side > 256) throw new RangeError(`An ico file has no picture of ${side} pixels.`)
    const entry = Buffer.alloc(ICO_ENTRY)
    // A side of 256 is written as 0.
    entry.writeUInt8(side % 256, 0)
    entry.writeUInt8(side % 256, 1)
    entry.writeUInt16LE(1, 4)
    entry.writeUInt16LE(32, 6)
    entry.writeUInt32LE(png.length, 8)
    entry.writeUInt32LE(offset, 12)
    offset += png.length
    return entry
  })
  return Buffer.concat([head, ...entries, ...pictures.map(({ png }) => png)])
}
