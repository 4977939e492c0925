import { Command, Option } from 'commander'
import type { Engine } from '../../engine/api/engine.ts'
import {
  COMPARED,
  StatisticsRequest,
  UNITS,
  type ComparisonTable,
  type Statistics,
} from '../../shared/contract/statistics.ts'
import { formatValue } from '../../shared/units.ts'
import { addChoice, choiceOf, type ChoiceOptions } from '../command-support/figure-options.ts'
import { fileOfEnding, writeMade } from '../command-support/file-of-ending.ts'
import { withWorkspace } from '../command-support/job.ts'
import { parseRequest } from '../command-support/parse-request.ts'
import { printTable } from '../command-support/table.ts'
import { workspaceOption } from '../options.ts'

interface StatisticsOptions extends ChoiceOptions {
  workspace: string
  compare: string
  over: string
  out?: string
  force?: true
  json?: true
}

/** `heatproof statistics`: paired comparisons of methods or architectures. */
export function statisticsCommand(print: (text: string) => void = console.log): Command {
  const command = new Command('statistics')
    .description('compare methods or architectures in pairs: t, Wilcoxon, Tukey HSD, Cliff’s delta, Holm')
    .addOption(workspaceOption())
    .addOption(
      new Option('--compare <what>', 'methods within each architecture, or architectures within each method')
        .choices(COMPARED)
        .default('methods'),
    )
    .addOption(
      new Option('--over <unit>', 'what a pair is; auto: folds where all have three or more, else sequences')
        .choices(['auto', ...UNITS])
        .default('auto'),
    )
    .option('--out <file>', 'where to write the tables; its ending says as what: .csv or .tex')
    .option('--force', 'replace a file that is there')
  return addChoice(command)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample: heatproof statistics --workspace digits.heatproof --metric cosine --compare architectures --out tests.tex',
    )
    .action(async (options: StatisticsOptions) => {
      print(await withWorkspace({ workspace: options.workspace }, (engine) => compareIn(engine, options)))
    })
}

async function compareIn(engine: Engine, options: StatisticsOptions): Promise<string> {
  const { compare, over, out, force = false, json = false } = options
  const file = out === undefined ? null : fileOfEnding('--out', out, ['csv', 'tex'] as const)
  const wanted = { compare, over, ...(await choiceOf(engine, options)) }
  const request = parseRequest(StatisticsRequest, wanted, 'statistics')
  const statistics = await engine.handlers['figures.statistics'](request)
  if (file !== null) {
    await writeMade(file.path, force, async () => engine.bulk.comparison(request, file.format))
  }
  if (json) return JSON.stringify(file === null ? statistics : { ...statistics, file: file.path }, null, 2)
  return [...(file === null ? [] : [file.path]), printStatistics(statistics)].join('\n')
}

function printStatistics({ tables, caption, notes }: Statistics): string {
  return [...tables.map(printComparison), caption, ...notes].join('\n\n')
}

function printComparison({ title, over, anova, pairs }: ComparisonTable): string {
  const variance =
    anova === null
      ? 'analysis of variance: undefined'
      : `analysis of variance: F(${anova.betweenDegrees}, ${anova.withinDegrees}) = ${anova.f.toFixed(2)}, p ${anova.p.toPrecision(3)}`
  const rows = pairs.map((pair) => [
    ...[`${pair.left} − ${pair.right}`, String(pair.pairs), value(pair.difference)],
    ...[
      pair.low === null ? 'undefined' : `${value(pair.low)} to ${value(pair.high)}`,
      probability(pair.tHolm),
      probability(pair.wilcoxonHolm),
    ],
    ...[probability(pair.tukeyP), value(pair.cliffsDelta)],
  ])
  const titles = ['', 'pairs', 'difference', '95 % interval', 'p (t)', 'p (Wilcoxon)', 'p (HSD)', 'delta']
  return [`${title}, over ${over}`, printTable(titles, rows), variance].join('\n')
}

function value(number: number | null): string {
  return number === null ? 'undefined' : formatValue(number)
}

function probability(p: number | null): string {
  return p === null ? 'undefined' : p < 0.0001 ? '< 0.0001' : p.toFixed(4)
}
