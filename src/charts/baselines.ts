import type { Plugin } from 'chart.js'
import { CHART_FONT } from './options.ts'
import type { Colours } from './colours.ts'
import type { Pen } from './pen.ts'

export interface Baseline {
  name: string
  value: number
}

/** Dashes of the uniform baseline; those of the random one are dots, and what means 'no effect' is drawn through. */
const DASHES: Readonly<Record<string, number[]>> = { uniform: [6, 4], random: [1, 3] }

/** Vertical places of labels, at least `height` apart and in the order of their lines. */
export function placeLabels(lines: readonly number[], height: number): number[] {
  const order = [...lines.keys()].sort((left, right) => (lines[left] ?? 0) - (lines[right] ?? 0))
  const placed = lines.slice()
  for (const [rank, index] of order.entries()) {
    const above = order[rank - 1]
    if (above === undefined) continue
    placed[index] = Math.max(placed[index] ?? 0, (placed[above] ?? 0) + height)
  }
  return placed
}

/** Draws baselines across the plot, each with its name and value at the right edge. */
export function baselinePlugin(baselines: readonly Baseline[], colours: Colours): Plugin {
  return {
    id: 'baselines',
    beforeDatasetsDraw(chart) {
      const y = chart.scales['y']
      if (y === undefined) return
      const { left, right } = chart.chartArea
      const context: Pen = chart.ctx
      const heights = baselines.map((line) => y.getPixelForValue(line.value))
      const labels = placeLabels(heights, 14)
      context.save()
      context.font = `11px ${CHART_FONT.family ?? 'sans-serif'}`
      context.textBaseline = 'middle'
      for (const [index, line] of baselines.entries()) {
        context.strokeStyle = colours('--text-3')
        context.lineWidth = 1.5
        context.setLineDash(DASHES[line.name] ?? [])
        context.beginPath()
        context.moveTo(left, heights[index] ?? 0)
        context.lineTo(right, heights[index] ?? 0)
        context.stroke()
        context.fillStyle = colours('--text-2')
        context.fillText(
          line.name in DASHES ? `${line.name} ${line.value.toFixed(3)}` : line.name,
          right + 6,
          labels[index] ?? 0,
        )
      }
      context.restore()
    },
  }
}

/** Room at the right of the plot for the names of the baselines. */
export const BASELINE_MARGIN = 92
