import type { ChartConfiguration } from 'chart.js'
import type { CalibrationFit } from '../../shared/contract/calibration.ts'
import { formatValue } from '../../shared/units.ts'
import type { Colours } from './colours.ts'
import { axis, baseOptions } from '../../charts/options.ts'

/** ROC-AUC for every cap that was tried, with its 95 % interval as a band. */
export function aucByTauChart(rows: CalibrationFit['aucByTau'], colours: Colours): ChartConfiguration {
  const base = baseOptions(colours)
  const band = `color-mix(in srgb, ${colours('--focus')} 22%, transparent)`
  const edge = { borderColor: 'transparent', pointRadius: 0, pointHitRadius: 0, backgroundColor: band }
  const [first, last] = [rows[0]?.tau ?? 0.5, rows.at(-1)?.tau ?? 1]
  return {
    type: 'line',
    data: {
      datasets: [
        {
          label: 'ROC-AUC',
          data: rows.map(({ tau, auc }) => ({ x: tau, y: auc })),
          borderColor: colours('--focus'),
          backgroundColor: colours('--focus'),
          borderWidth: 2,
          pointRadius: 0,
          pointHitRadius: 6,
        },
        { ...edge, label: 'low', data: rows.map(({ tau, low }) => ({ x: tau, y: low })), fill: false },
        { ...edge, label: 'high', data: rows.map(({ tau, high }) => ({ x: tau, y: high })), fill: '-1' },
      ],
    },
    options: {
      ...base,
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      scales: {
        x: axis(colours, 'cap τ', { min: first, max: last }),
        y: axis(colours, 'ROC-AUC'),
      },
      plugins: {
        ...base.plugins,
        tooltip: {
          ...base.plugins?.tooltip,
          displayColors: false,
          filter: (item) => item.datasetIndex === 0,
          callbacks: {
            title: () => '',
            label: (item) => {
              const row = rows[item.dataIndex]
              if (row === undefined) return ''
              const interval = `[${formatValue(row.low)}, ${formatValue(row.high)}]`
              return `τ ${formatValue(row.tau, 2)}: ${formatValue(row.auc)} ${interval}`
            },
          },
        },
      },
    },
  }
}
