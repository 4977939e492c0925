import { Command } from 'commander'
import { DEFAULT_TAU, METRICS, type MetricName, type ScoreState } from '../../shared/names.ts'
import { measureMaps, type MetricsReport } from '../command-support/measure-maps.ts'
import { printTable } from '../command-support/table.ts'
import { decimalNumber } from '../options.ts'

interface MetricsOptions {
  maps: string
  marks: string
  tau: number
  regions?: string
  json?: true
}

/** `heatproof metrics`: all share metrics of relevance maps in a .npy file, without a workspace. */
export function metricsCommand(): Command {
  return new Command('metrics')
    .description('score relevance maps in a .npy file; needs no workspace')
    .requiredOption('--maps <file>', 'relevance maps, a .npy file of [N, rows, columns]')
    .requiredOption(
      '--marks <file>',
      'marks, a .npy file of [N, n]: 1 where a region is of the majority class, else 0',
    )
    .option('--tau <number>', 'cap on a share', decimalNumber('--tau', 0, 1), DEFAULT_TAU)
    .option(
      '--regions <file>',
      'regions as JSON: [{"name", "box": {"row", "column", "height", "width"}}, …], or one such list for each map ' +
        '(default: n items of equal width)',
    )
    .option('--json', 'print JSON with full precision; null is an undefined value')
    .addHelpText(
      'after',
      '\nPrints one line a map, then the means, and those of a uniform and of random maps.\n' +
        'Example: heatproof metrics --maps maps/dtd.npy --marks marks.npy --tau 0.8',
    )
    .action(async ({ json, ...request }: MetricsOptions) => {
      const report = await measureMaps(request)
      console.log(json ? JSON.stringify(report, null, 2) : printReport(report))
    })
}

function printReport({ tau, maps, means, counts, uniform, random }: MetricsReport): string {
  const line = (title: string, cell: (metric: MetricName) => string) => [title, ...METRICS.map(cell)]
  const mean = (title: string, values: MetricsReport['means']) =>
    line(title, (metric) => printValue(values[metric], 'ok'))
  const count = (title: string, state: 'outOfRange' | 'noRelevance' | 'undefined') =>
    line(title, (metric) => String(counts[metric][state]))
  const rows = maps.map((map) =>
    line(String(map.index), (metric) => printValue(map[metric], map.states[metric])),
  )
  return [
    printTable(
      ['map', ...METRICS],
      [
        ...rows,
        mean('mean', means),
        mean('uniform', uniform),
        mean('random', random),
        count('out of range (!)', 'outOfRange'),
        count('no relevance (0)', 'noRelevance'),
        count('undefined (–)', 'undefined'),
      ],
    ),
    '',
    `tau ${tau}; the means are over the maps for which the metric is defined, with values out of range as they are.`,
  ].join('\n')
}

/** `!` marks a value outside [0, 1], `(0)` a map without relevance, `–` an undefined value. */
function printValue(value: number | null, state: ScoreState): string {
  if (state === 'no_relevance') return '(0)'
  if (value === null) return '–'
  return state === 'out_of_range' ? `${value.toFixed(4)}!` : value.toFixed(4)
}
