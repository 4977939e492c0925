import type { Canvas, SKRSContext2D } from '@napi-rs/canvas'
import { createCanvas, loadImage } from '@napi-rs/canvas'
import type { Colours } from '../../charts/colours.ts'
import type { FigurePicture } from '../../shared/contract/figures.ts'
import { formatValue } from '../../shared/units.ts'
import type { Size } from './canvas.ts'

/** Gives a map as a PNG on its own colour scale. */
export type MapImage = (mapId: number) => Uint8Array | Promise<Uint8Array>

const COLUMNS = 3
/** Width of a picture; text below and above it, and room between pictures, in CSS pixels. */
const PICTURE = 336
const [HEAD, FOOT, GAP] = [40, 26, 24]

/** Size of a grid of pictures of this many; every picture has the shape of the first. */
export function gridSize(pictures: readonly FigurePicture[]): Size {
  const rows = Math.ceil(pictures.length / COLUMNS)
  const columns = Math.min(COLUMNS, pictures.length)
  return { width: columns * (PICTURE + GAP) - GAP, height: rows * cellHeight(pictures) }
}

function cellHeight([first]: readonly FigurePicture[]): number {
  return HEAD + (first === undefined ? 0 : pictureHeight(first)) + FOOT + GAP
}

function pictureHeight({ rows, columns }: FigurePicture): number {
  return Math.round((PICTURE * rows) / columns)
}

/** Draws maps as a grid: what each explains above it, and below its items their shares. */
export async function drawPictures(
  context: SKRSContext2D,
  pictures: readonly FigurePicture[],
  imageOf: MapImage,
  colours: Colours,
): Promise<void> {
  context.imageSmoothingEnabled = false
  context.textBaseline = 'alphabetic'
  for (const [index, picture] of pictures.entries()) {
    const left = (index % COLUMNS) * (PICTURE + GAP)
    const top = Math.floor(index / COLUMNS) * cellHeight(pictures)
    const image = await loadImage(await imageOf(picture.mapId))
    const height = pictureHeight(picture)
    writeHead(context, picture, left, top, colours)
    context.drawImage(enlarged(image), left, top + HEAD, PICTURE, height)
    writeShares(context, picture, left, top + HEAD + height + 16, colours)
  }
}

/** Pixels stay sharp also where an SVG or PDF viewer smooths what it enlarges. */
function enlarged(image: Awaited<ReturnType<typeof loadImage>>): Canvas {
  const factor = 8
  const canvas = createCanvas(image.width * factor, image.height * factor)
  const context = canvas.getContext('2d')
  context.imageSmoothingEnabled = false
  context.drawImage(image, 0, 0, canvas.width, canvas.height)
  return canvas
}

function writeHead(
  context: SKRSContext2D,
  { label, method, sampleLabel, mapId, percentage, capped }: FigurePicture,
  left: number,
  top: number,
  colours: Colours,
): void {
  context.textAlign = 'left'
  context.fillStyle = colours('--text-1')
  context.font = '600 12px system-ui'
  context.fillText(`${label} · ${method} · class ${sampleLabel}`, left, top + 14)
  context.fillStyle = colours('--text-2')
  context.font = '11px system-ui'
  context.fillText(
    `percentage ${formatValue(percentage)}, capped ${formatValue(capped)} · map #${mapId}`,
    left,
    top + 31,
  )
}

function writeShares(
  context: SKRSContext2D,
  { shares, marks }: FigurePicture,
  left: number,
  baseline: number,
  colours: Colours,
): void {
  context.textAlign = 'center'
  context.font = '11px system-ui'
  shares.forEach((share, item) => {
    context.fillStyle = colours(marks[item] === 1 ? '--text-1' : '--text-3')
    const middle = left + ((item + 0.5) * PICTURE) / shares.length
    context.fillText(`${marks[item] === 1 ? '● ' : ''}${formatValue(share)}`, middle, baseline)
  })
}
