import type { ChartConfiguration } from 'chart.js'
import type { CalibrationFit } from '../../shared/contract/calibration.ts'
import { formatValue, plural } from '../../shared/units.ts'
import type { Colours } from './colours.ts'
import { axis, baseOptions, CHART_FONT } from '../../charts/options.ts'

export interface Bar {
  /** Middle of the bin. */
  x: number
  y: number
}

/** Bars of one verdict over equally wide bins. */
export function barsOf(counts: readonly number[], low: number, high: number): Bar[] {
  const width = (high - low) / Math.max(1, counts.length)
  return counts.map((count, index) => ({ x: low + (index + 0.5) * width, y: count }))
}

/** Diagonal stripes, so that failed maps are told from accepted ones without colour. */
function hatch(colour: string): CanvasPattern | string {
  const tile = document.createElement('canvas')
  tile.width = 6
  tile.height = 6
  const context = tile.getContext('2d')
  if (context === null) return colour
  context.strokeStyle = colour
  context.lineWidth = 1.6
  context.beginPath()
  for (const shift of [-6, 0, 6]) {
    context.moveTo(shift, 6)
    context.lineTo(shift + 6, 0)
  }
  context.stroke()
  return context.createPattern(tile, 'repeat') ?? colour
}

/** How many maps of each verdict have which value of the metric, stacked. */
export function verdictHistogramChart(
  histogram: CalibrationFit['histogram'],
  metricTitle: string,
  colours: Colours,
): ChartConfiguration {
  const { low, high, failed, accepted } = histogram
  const base = baseOptions(colours)
  const linear = axis(colours, metricTitle, { min: low, max: high })
  const half = (high - low) / Math.max(1, failed.length) / 2
  const bars = { barPercentage: 1, categoryPercentage: 1, grouped: false, borderWidth: 1, stack: 'verdicts' }
  return {
    type: 'bar',
    data: {
      datasets: [
        {
          ...bars,
          label: 'Failed with this mode',
          data: barsOf(failed, low, high),
          backgroundColor: hatch(colours('--fail')),
          borderColor: colours('--fail'),
        },
        {
          ...bars,
          label: 'Accepted',
          data: barsOf(accepted, low, high),
          backgroundColor: `color-mix(in srgb, ${colours('--accept')} 55%, transparent)`,
          borderColor: colours('--accept'),
        },
      ],
    },
    options: {
      ...base,
      interaction: { mode: 'index', intersect: false },
      scales: {
        x: {
          ...linear,
          stacked: true,
          offset: false,
          grid: { ...linear.grid, offset: false },
        },
        y: {
          ...axis(colours, 'maps', { min: 0 }),
          stacked: true,
          grace: '6%',
          ticks: { ...axis(colours, '').ticks, precision: 0 },
        },
      },
      plugins: {
        ...base.plugins,
        legend: {
          display: true,
          align: 'start',
          labels: { color: colours('--text-2'), font: CHART_FONT, boxWidth: 16 },
        },
        tooltip: {
          ...base.plugins?.tooltip,
          usePointStyle: false,
          callbacks: {
            title: ([item]) => {
              const middle = item?.parsed.x ?? 0
              return `${formatValue(middle - half)} to ${formatValue(middle + half)}`
            },
            label: (item) => `${item.dataset.label ?? ''}: ${plural(item.parsed.y ?? 0, 'map')}`,
          },
        },
      },
    },
  }
}
