import type { ChartConfiguration } from 'chart.js'
import type { z } from 'zod'
import type { CurvePoint } from '../../shared/contract/runs.ts'
import type { Colours } from './colours.ts'
import { axis, baseOptions, CHART_FONT } from '../../charts/options.ts'

type Curve = readonly z.infer<typeof CurvePoint>[]

/** A curve with fewer points is drawn with them: one point alone makes no line. */
const FEW = 20

function lines(colours: Colours, epochs: number, title: string, range: { min?: number; max?: number }) {
  const base = baseOptions(colours)
  return {
    ...base,
    interaction: { mode: 'nearest' as const, axis: 'x' as const, intersect: false },
    scales: {
      x: axis(colours, 'epoch', { min: 0, max: Math.max(1, epochs) }),
      y: axis(colours, title, range),
    },
    plugins: {
      ...base.plugins,
      legend: {
        display: true,
        align: 'start' as const,
        labels: { usePointStyle: true, boxHeight: 7, color: colours('--text-2'), font: CHART_FONT },
      },
    },
  }
}

/** Loss over the epochs. */
export function lossChart(curve: Curve, epochs: number, colours: Colours): ChartConfiguration {
  return {
    type: 'line',
    data: {
      datasets: [
        {
          label: 'training loss',
          data: curve.map(({ epoch, loss }) => ({ x: epoch, y: loss })),
          borderColor: colours('--architecture-rlstm'),
          backgroundColor: colours('--architecture-rlstm'),
          borderWidth: 1.5,
          pointRadius: curve.length < FEW ? 2 : 0,
          pointStyle: 'circle',
        },
      ],
    },
    options: lines(colours, epochs, 'loss (nats)', { min: 0 }),
  }
}

/** Accuracy on the training batches, and on the validation part at the end of each epoch. */
export function accuracyChart(curve: Curve, epochs: number, colours: Colours): ChartConfiguration {
  const validated = curve.flatMap(({ epoch, validation }) =>
    validation === null ? [] : [{ x: epoch, y: validation }],
  )
  return {
    type: 'line',
    data: {
      datasets: [
        {
          label: 'training',
          data: curve.map(({ epoch, accuracy }) => ({ x: epoch, y: accuracy })),
          borderColor: colours('--architecture-deep'),
          backgroundColor: colours('--architecture-deep'),
          borderWidth: 1.5,
          pointRadius: curve.length < FEW ? 2 : 0,
          pointStyle: 'circle',
        },
        {
          label: 'validation',
          data: validated,
          borderColor: colours('--text-1'),
          backgroundColor: colours('--surface-1'),
          borderWidth: 1.5,
          borderDash: [4, 3],
          pointRadius: 4,
          pointStyle: 'circle',
        },
      ],
    },
    options: lines(colours, epochs, 'accuracy', { min: 0, max: 1 }),
  }
}
