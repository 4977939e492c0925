import type { Plugin } from 'chart.js'
import type { FigureDatum } from './line-figure.ts'

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
    for (const [index, dataset] of chart.data.datasets.entries()) {
      const meta = chart.getDatasetMeta(index)
      if (meta.hidden || !chart.isDatasetVisible(index)) continue
      chart.ctx.save()
      chart.ctx.beginPath()
      chart.ctx.rect(left, top, right - left, bottom - top)
      chart.ctx.clip()
      chart.ctx.strokeStyle = typeof dataset.borderColor === 'string' ? dataset.borderColor : ''
      chart.ctx.lineWidth = 1.5
      for (const [at, datum] of dataset.data.entries()) {
        const element = meta.data[at]
        if (element === undefined || !isFigureDatum(datum) || datum.low === null || datum.high === null)
          continue
        drawBar(chart.ctx, element.x, y.getPixelForValue(datum.low), y.getPixelForValue(datum.high))
      }
      chart.ctx.restore()
    }
  },
}

function drawBar(context: CanvasRenderingContext2D, x: number, low: number, high: number): void {
  context.beginPath()
  context.moveTo(x, low)
  context.lineTo(x, high)
  for (const end of [low, high]) {
    context.moveTo(x - HALF_CAP, end)
    context.lineTo(x + HALF_CAP, end)
  }
  context.stroke()
}
