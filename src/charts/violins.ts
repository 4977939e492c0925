import type { Plugin } from 'chart.js'
import type { Spread } from '../shared/contract/figures.ts'
import type { Pen } from './pen.ts'

/** A value whose spread is drawn around it. */
interface SpreadDatum {
  x: number
  spread: Spread
  /** Half of the room for the violin, in categories. */
  room: number
}

function hasSpread(value: unknown): value is SpreadDatum {
  return typeof value === 'object' && value !== null && 'spread' in value && value.spread !== null
}

/** Draws a violin, its quartiles and the 5th and 95th percentile around each median, in the colour of its line. */
export const violins: Plugin = {
  id: 'violins',
  beforeDatasetsDraw(chart) {
    const { x, y } = chart.scales
    if (x === undefined || y === undefined) return
    const { left, right, top, bottom } = chart.chartArea
    const pen: Pen = chart.ctx
    for (const [index, dataset] of chart.data.datasets.entries()) {
      if (!chart.isDatasetVisible(index)) continue
      pen.save()
      pen.beginPath()
      pen.rect(left, top, right - left, bottom - top)
      pen.clip()
      pen.strokeStyle = dataset.borderColor
      pen.fillStyle = dataset.borderColor
      const data: readonly unknown[] = dataset.data
      for (const datum of data.filter(hasSpread)) {
        const middle = x.getPixelForValue(datum.x)
        const half = x.getPixelForValue(datum.x + datum.room) - middle
        drawViolin(pen, datum.spread, middle, half, (value) => y.getPixelForValue(value))
      }
      pen.restore()
    }
  },
}

function drawViolin(
  pen: Pen,
  { quantiles: [q05, q25, , q75, q95], low, high, bins }: Spread,
  middle: number,
  half: number,
  placeOf: (value: number) => number,
): void {
  const most = Math.max(...bins)
  const step = (high - low) / bins.length
  const edge = bins.map((part, bin) => ({
    y: placeOf(low + (bin + 0.5) * step),
    reach: most === 0 ? 0 : (part / most) * half,
  }))
  pen.globalAlpha = 0.25
  pen.beginPath()
  pen.moveTo(middle, placeOf(low))
  for (const { y, reach } of edge) pen.lineTo(middle + reach, y)
  pen.lineTo(middle, placeOf(high))
  for (const { y, reach } of edge.toReversed()) pen.lineTo(middle - reach, y)
  pen.closePath()
  pen.fill()
  pen.globalAlpha = 1
  for (const [from, to, width] of [
    [q05, q95, 1.2],
    [q25, q75, 4],
  ] as const) {
    pen.lineWidth = width
    pen.beginPath()
    pen.moveTo(middle, placeOf(from))
    pen.lineTo(middle, placeOf(to))
    pen.stroke()
  }
}
