import type { SanityCheck, SanityStage } from '../../shared/contract/sanity.ts'
import { SANITY_METRICS } from '../../shared/names.ts'
import { targetTitle } from '../../shared/class-names.ts'
import { printSeeds } from '../../shared/sanity-seeds.ts'
import { formatPercent, formatValue } from '../../shared/units.ts'
import { printTable } from './table.ts'

/** A line for every stage and method: the means of all metrics, and how many pairs have no value. */
export function printSanityCheck({ model, against, request, stages, warnings }: SanityCheck): string {
  const change = against === null ? `fresh weights, ${printSeeds(request)}` : against.name
  const titles = ['stage', 'accuracy', 'method', ...SANITY_METRICS, 'without value']
  return [
    `${model.name} against ${change}; means over ${request.count} samples, ${targetTitle(request.dataset, request.target)} explained`,
    printTable(titles, stages.flatMap(rowsOf)),
    ...warnings,
  ].join('\n')
}

function rowsOf({ name, accuracy, values }: SanityStage): string[][] {
  return [...Map.groupBy(values, ({ method }) => method)].map(([method, own]) => [
    name,
    formatPercent(accuracy),
    method,
    ...SANITY_METRICS.map((metric) => formatValue(own.find((value) => value.metric === metric)?.mean)),
    String(Math.max(...own.map((value) => value.undefined + value.noRelevance))),
  ])
}
