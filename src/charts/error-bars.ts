import type { Plugin } from 'chart.js'
import type { FigureDatum } from './line-figure.ts'
import type { Pen } from './pen.ts'

const HALF_CAP = 3

function isFigureDatum(value: unknown): value is FigureDatum {
  return typeof value === 'object' && value !== null && 'low' in value && 'high' in value
}

/** Draws each point's interval as a bar with caps, in the colour of its line; what leaves the figure is cut. */
export const errorBars: Plugin = {
  id: 'errorBars',
  beforeDatasetsDraw(chart) {
    const y = chart.scales['y']
    if (y === undefined) return
    const { left, right, top, bottom } = chart.chartArea
    const pen: Pen = chart.ctx
    for (const [index, dataset] of chart.data.datasets.entries()) {
      const meta = chart.getDatasetMeta(index)
      if (meta.hidden || !chart.isDatasetVisible(index)) continue
      pen.save()
      pen.beginPath()
      pen.rect(left, top, right - left, bottom - top)
      pen.clip()
      pen.strokeStyle = typeof dataset.borderColor === 'string' ? dataset.borderColor : ''
      pen.lineWidth = 1.5
      for (const [at, datum] of dataset.data.entries()) {
        const element = meta.data[at]
        if (element === undefined || !isFigureDatum(datum) || datum.low === null || datum.high === null)
          continue
        drawBar(pen, element.x, y.getPixelForValue(datum.low), y.getPixelForValue(datum.high))
      }
      pen.restore()
    }
  },
}

function drawBar(context: Pen, x: number, low: number, high: number): void {
  context.beginPath()
  context.moveTo(x, low)
  context.lineTo(x, high)
  for (const end of [low, high]) {
    context.moveTo(x - HALF_CAP, end)
    context.lineTo(x + HALF_CAP, end)
  }
  context.stroke()
}
