import type { ChartConfiguration } from 'chart.js'
import type { CalibrationFit } from '../../shared/contract/calibration.ts'
import { formatValue } from '../../shared/units.ts'
import type { Colours } from './colours.ts'
import { axis, baseOptions } from '../../charts/options.ts'

type RocPoint = CalibrationFit['roc'][number]

/** The ROC curve with the point of the threshold that is looked at, and the diagonal of guessing. */
export function rocChart(
  roc: readonly RocPoint[],
  chosen: RocPoint | null,
  colours: Colours,
): ChartConfiguration {
  const base = baseOptions(colours)
  const curve = roc.map((point) => ({ x: point.falsePositiveRate, y: point.truePositiveRate }))
  return {
    type: 'line',
    data: {
      datasets: [
        {
          label: 'chosen',
          data: chosen === null ? [] : [{ x: chosen.falsePositiveRate, y: chosen.truePositiveRate }],
          borderColor: colours('--text-1'),
          backgroundColor: colours('--surface-1'),
          pointBorderWidth: 2,
          pointRadius: 6,
          pointHoverRadius: 7,
        },
        {
          label: 'ROC',
          data: curve,
          borderColor: colours('--focus'),
          backgroundColor: colours('--focus'),
          borderWidth: 2,
          stepped: false,
          pointRadius: 0,
          pointHitRadius: 6,
        },
        {
          label: 'guessing',
          data: [
            { x: 0, y: 0 },
            { x: 1, y: 1 },
          ],
          borderColor: colours('--line-strong'),
          borderDash: [4, 4],
          borderWidth: 1,
          pointRadius: 0,
          pointHitRadius: 0,
        },
      ],
    },
    options: {
      ...base,
      interaction: { mode: 'nearest', intersect: true },
      scales: {
        x: axis(colours, 'accepted maps condemned (false positive rate)', { min: 0, max: 1 }),
        y: axis(colours, 'failed maps found (true positive rate)', { min: 0, max: 1 }),
      },
      plugins: {
        ...base.plugins,
        tooltip: {
          ...base.plugins?.tooltip,
          displayColors: false,
          callbacks: {
            title: () => '',
            label: (item) => {
              const point = item.datasetIndex === 1 ? roc[item.dataIndex] : chosen
              if (point === null || point === undefined) return ''
              const rates = [point.truePositiveRate, point.falsePositiveRate].map((rate) => formatValue(rate))
              return [`θ ${formatValue(point.theta)}`, `found ${rates[0] ?? ''}, condemned ${rates[1] ?? ''}`]
            },
          },
        },
      },
    },
  }
}
