/** `node scripts/icons.ts`: draws the app's icon for Linux (png), macOS (icns) and Windows (ico) into resources/icons. */
import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { icnsOf, icoOf, type Picture } from './icons/containers.ts'

const FOLDER = join(import.meta.dirname, '../resources/icons')
const ICNS_SIDES = [16, 32, 64, 128, 256, 512, 1024]
const ICO_SIDES = [16, 24, 32, 48, 64, 128, 256]

/** A heatmap of four by four cells, cold to hot from 0 to 4. */
const HEAT = [
  [0, 1, 1, 0],
  [1, 3, 4, 2],
  [1, 4, 3, 1],
  [0, 2, 1, 0],
]
const COLORS = ['#2b2b33', '#5b2a3c', '#a63a3a', '#e8743b', '#ffd27a']
/** Row and column of the cell that a reviewer flagged. */
const FLAGGED = [1, 2]

/** The icon as a PNG of `side` by `side` pixels. */
function draw(side: number): Picture {
  const canvas = createCanvas(side, side)
  const context = canvas.getContext('2d')
  context.scale(side / 64, side / 64)
  square(context, 4, 4, 56, 13, '#17171b')
  HEAT.forEach((row, y) =>
    row.forEach((heat, x) => square(context, 12 + x * 10.25, 12 + y * 10.25, 9.25, 2, COLORS[heat] ?? '')),
  )
  const [row = 0, column = 0] = FLAGGED
  context.strokeStyle = '#ffffff'
  context.lineWidth = 2
  context.beginPath()
  context.roundRect(11.5 + column * 10.25, 11.5 + row * 10.25, 10.25, 10.25, 2.5)
  context.stroke()
  return { side, png: canvas.toBuffer('image/png') }
}

function square(context: SKRSContext2D, x: number, y: number, side: number, radius: number, color: string) {
  context.fillStyle = color
  context.beginPath()
  context.roundRect(x, y, side, side, radius)
  context.fill()
}

mkdirSync(FOLDER, { recursive: true })
writeFileSync(join(FOLDER, 'icon.png'), draw(1024).png)
writeFileSync(join(FOLDER, 'icon.icns'), icnsOf(ICNS_SIDES.map(draw)))
writeFileSync(join(FOLDER, 'icon.ico'), icoOf(ICO_SIDES.map(draw)))
