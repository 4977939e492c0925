import type { ChartConfiguration } from 'chart.js'
import type { SanityCheck } from '../../shared/contract/sanity.ts'
import type { SanityMetricName } from '../../shared/names.ts'
import { termTitle } from '../../shared/terms.ts'
import { formatValue, plural } from '../../shared/units.ts'
import type { Colours } from './colours.ts'
import { lineFigure } from '../../charts/line-figure.ts'
import { sanityRange, sanitySeries, sanityTitle, stageLabels, type SanityDatum } from './sanity-plot.ts'

function describe(label: string, { value }: SanityDatum): string[] {
  const interval = `${formatValue(value.mean)} [${formatValue(value.low)}, ${formatValue(value.high)}]`
  const without = value.undefined + value.noRelevance
  const odd = without > 0 ? [`${without} without a value`] : []
  return [`${label}  ${interval}`, [plural(value.count, 'pair'), ...odd].join(', ')]
}

/** Likeness of the maps by stage, a line a method, with the accuracy of every stage. */
export function sanityChart(
  check: SanityCheck,
  metric: SanityMetricName,
  colours: Colours,
): ChartConfiguration {
  const series = sanitySeries(check, metric)
  return lineFigure(
    {
      title: sanityTitle(check),
      categories: stageLabels(check),
      valueTitle: termTitle(metric),
      range: sanityRange(series),
      legend: true,
      rightMargin: 12,
      series,
      describe,
      plugins: [],
    },
    colours,
  )
}
