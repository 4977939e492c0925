import { Command } from 'commander'
import { TimeLeft } from '../../engine/jobs/progress.ts'
import { DEFAULT_FLIPPING } from '../../engine/metrics/score-flipping.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { DEFAULT_TAU, type BackendName } from '../../shared/names.ts'
import { compareMaps } from '../command-support/compare-maps.ts'
import { interruptible } from '../command-support/interrupt.ts'
import { openMapsFile, type MapsFile } from '../command-support/maps-file.ts'
import { measureMaps } from '../command-support/measure-maps.ts'
import { reportAsJson, reportAsText, type MetricsReport } from '../command-support/metrics-report.ts'
import { openModelInputs } from '../command-support/model-inputs.ts'
import { openPatchFlipping } from '../command-support/patch-flipping.ts'
import { ProgressLine } from '../command-support/progress-line.ts'
import { backendOption, decimalNumber, wholeNumber } from '../options.ts'

/** Inputs that are checked at a time. */
const BATCH = 200

interface MetricsOptions {
  maps: string
  marks?: string
  tau: number
  regions?: string
  inputs?: string
  model?: string
  target: string
  patch: number
  flips: number
  seed: number
  baselines?: true
  compare?: string
  top?: number
  backend: BackendName | 'auto'
  json?: true
}

/** `heatproof metrics`: all metrics of relevance maps in a .npy file, without a workspace. */
export function metricsCommand(): Command {
  return new Command('metrics')
    .description('score relevance maps in a .npy file; needs no workspace')
    .requiredOption('--maps <file>', 'relevance maps, a .npy file of [N, rows, columns]')
    .option(
      '--marks <file>',
      'marks, a .npy file of [N, n]: 1 where a region is of the majority class, else 0; needed for all but --compare',
    )
    .option('--tau <number>', 'cap on a share', decimalNumber('--tau', 0, 1), DEFAULT_TAU)
    .option(
      '--regions <file>',
      'regions as JSON: [{"name", "box": {"row", "column", "height", "width"}}, …], or one such list for each map ' +
        '(default: n items of equal width)',
    )
    .option(
      '--inputs <file>',
      'what the maps explain, a .npy file of float32 in [-1, 1]: for metrics by stroke',
    )
    .option('--model <file>', 'the model, a .safetensors file: for AOPC, with --inputs')
    .option('--target <what>', 'class of the maps: a number, a file of labels, or predicted', 'predicted')
    .option(
      '--patch <pixels>',
      'side of a patch that AOPC turns black',
      wholeNumber('--patch', 1, 1000),
      DEFAULT_FLIPPING.side,
    )
    .option(
      '--flips <number>',
      'patches that AOPC turns black, L',
      wholeNumber('--flips', 1, 100_000),
      DEFAULT_FLIPPING.flips,
    )
    .option(
      '--seed <number>',
      'of random maps and orders',
      wholeNumber('--seed', 0, 2 ** 31 - 1),
      DEFAULT_FLIPPING.seed,
    )
    .option(
      '--baselines',
      'with --inputs: also the input itself and its edges as maps, and AOPC of every baseline (slower)',
    )
    .option('--compare <file>', 'other maps of the same samples: how far each pair agrees')
    .option(
      '--top <pixels>',
      'largest pixels whose overlap --compare measures (default: a tenth)',
      wholeNumber('--top', 1, 2 ** 31 - 1),
    )
    .addOption(backendOption())
    .option('--json', 'print JSON with full precision; null is an undefined value')
    .addHelpText(
      'after',
      '\nPrints one line a map, then the means, and those of a uniform and of random maps. `heatproof explain-term NAME` ' +
        'says what a column is.\nExamples:\n' +
        '  heatproof metrics --maps maps/dtd.npy --marks marks.npy --tau 0.8\n' +
        '  heatproof metrics --maps maps/dtd.npy --marks marks.npy --inputs X.npy --model deep.safetensors --baselines\n' +
        '  heatproof metrics --maps maps/dtd.npy --compare maps/sa.npy',
    )
    .action(async (options: MetricsOptions) => {
      const report = await interruptible((signal) => measure(options, signal))
      console.log(options.json ? JSON.stringify(reportAsJson(report), null, 2) : reportAsText(report))
    })
}

async function measure(options: MetricsOptions, signal: AbortSignal): Promise<MetricsReport> {
  requireTogether(options)
  const { marks, compare } = options
  const maps = await openMapsFile(options.maps)
  try {
    const agreement =
      compare === undefined
        ? undefined
        : { with: compare, ...(await compareMaps(maps, compare, { top: options.top, seed: options.seed })) }
    const scored = marks === undefined ? undefined : await score(maps, { ...options, marks }, signal)
    return { scored, agreement }
  } finally {
    await maps.close()
  }
}

async function score(
  maps: MapsFile,
  options: MetricsOptions & { marks: string },
  signal: AbortSignal,
): Promise<MetricsReport['scored']> {
  const { marks, regions, tau, seed, target, backend } = options
  const { count, rows, columns } = maps
  const size = { count, rows, columns, use: `the maps in ${maps.path}` }
  const inputs = options.inputs === undefined ? undefined : await openModelInputs(options.inputs, size, BATCH)
  const flipping =
    options.model === undefined
      ? undefined
      : await openPatchFlipping(
          { model: options.model, target, backend, side: options.patch, flips: options.flips, seed },
          maps,
          inputs?.channels ?? 1,
        )
  const progress = new ProgressLine()
  const timeLeft = new TimeLeft(Date.now())
  const onProgress = (done: number) => {
    if (options.json) return
    const secondsLeft = timeLeft.estimate({ done, total: count }, Date.now())
    progress.show({ done, total: count, unit: 'maps', secondsLeft, detail: '' })
  }
  const allBaselines = options.baselines ?? false
  try {
    const measured = await measureMaps({
      ...{ maps, marks, regions, inputs, flipping, allBaselines, tau, seed, signal, onProgress },
    })
    return { ...measured, tau, flipping: flipping && { ...flipping, target }, leftOut: leftOut(options) }
  } finally {
    progress.end()
    await flipping?.close()
    await inputs?.close()
  }
}

/** What is missing for the metrics that are left out. */
function leftOut({ inputs, model }: MetricsOptions): string[] {
  const lines: string[] = []
  if (inputs === undefined)
    lines.push('Metrics by stroke are left out: give --inputs X.npy, what the maps explain.')
  if (model === undefined) {
    lines.push(
      `AOPC is left out: give --model FILE.safetensors${inputs === undefined ? ' and --inputs X.npy' : ''}.`,
    )
  }
  return lines
}

/** @throws HeatproofError `bad_argument` for options that need another one */
function requireTogether(options: MetricsOptions): void {
  const { marks, inputs, model, compare, baselines, top } = options
  if (marks === undefined && compare === undefined) {
    throw missing(
      'neither --marks nor --compare',
      'marks to score the maps by, or other maps to compare with',
    )
  }
  const needs: [string, unknown, string, unknown][] = [
    ['--inputs', inputs, '--marks', marks],
    ['--model', model, '--inputs', inputs],
    ['--baselines', baselines, '--inputs', inputs],
    ['--top', top, '--compare', compare],
  ]
  for (const [option, value, needed, other] of needs) {
    if (value !== undefined && other === undefined)
      throw missing(`${option} without ${needed}`, `both of them`)
  }
}

function missing(found: string, expected: string): HeatproofError {
  return new HeatproofError('bad_argument', { found, expected, advice: 'Run `heatproof metrics --help`.' })
}
