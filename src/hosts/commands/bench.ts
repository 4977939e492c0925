import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { Command, Option } from 'commander'
import { availableBackends, type BackendStatus } from '../../engine/compute/backend.ts'
import { benchApp } from '../bench/app.ts'
import { benchCalibration } from '../bench/calibration.ts'
import { benchCompute } from '../bench/compute.ts'
import { benchExports } from '../bench/exports.ts'
import { benchFigures } from '../bench/figures.ts'
import { benchMemory } from '../bench/memory.ts'
import { benchPeer } from '../bench/peer.ts'
import { benchReview } from '../bench/review.ts'
import { epochsOf, printReport, type BenchReport } from '../bench/table.ts'
import { benchUi } from '../bench/ui/bench-ui.ts'
import { wholeNumber } from '../options.ts'

const ARCHITECTURES = ['deep', 'rlstm', 'convdeep'] as const

/** `heatproof bench`: how fast this machine is, against its own matrix product in the same run. */
export function benchCommand(): Command {
  return new Command('bench')
    .description(
      'measure speed and memory on every backend that is there; prints a table, or JSON with --json',
    )
    .option('--json', 'print JSON')
    .option('--out <file>', 'write the JSON to a file too')
    .option(
      '--compute-only',
      'leave out starting the app, the run on 10,000 sequences, the calibration, the exports, the figures and the review',
    )
    .addOption(new Option('--review-only', 'measure the review of many maps alone').conflicts('computeOnly'))
    .addOption(
      new Option('--figures-only', 'measure the named figures over a million maps alone').conflicts([
        'computeOnly',
        'reviewOnly',
      ]),
    )
    .addOption(
      new Option(
        '--ui-only',
        'measure in a browser what is felt: keys, filters, scrolling, starting, eight reviewers at once',
      ).conflicts(['computeOnly', 'reviewOnly', 'figuresOnly']),
    )
    .option('--peer', 'time the same in PyTorch too, where Python has torch and numpy')
    .option('--python <command>', 'the Python that has them', 'python3')
    .option('--maps <n>', 'maps to review', wholeNumber('--maps', 1000, 1_000_000), 100_000)
    .option('--large <n>', 'with --ui-only: maps of a large workspace, 0 for none', largeMaps, 1_000_000)
    .option('--storm <seconds>', 'with --ui-only: how long eight browsers decide', stormSeconds, 60)
    .addHelpText(
      'after',
      '\nExamples:\n  heatproof bench --json --out bench.json\n  heatproof bench --ui-only --maps 100000 --json',
    )
    .action(async (options: BenchOptions) => {
      const report = await measure(options)
      if (options.out !== undefined) writeFileSync(options.out, `${JSON.stringify(report, null, 2)}\n`)
      console.log(options.json ? JSON.stringify(report, null, 2) : printReport(report))
    })
}

interface BenchOptions {
  json?: true
  out?: string
  computeOnly?: true
  reviewOnly?: true
  figuresOnly?: true
  peer?: true
  python: string
  maps: number
  uiOnly?: true
  large: number
  storm: number
}

/** Five starts, fifty filters, thirty orders. */
const UI_ROUNDS = 5
const largeMaps = wholeNumber('--large', 0, 2_000_000)
const stormSeconds = wholeNumber('--storm', 0, 3600)

function isMeasured({ available, software }: BackendStatus): boolean {
  return available && !software
}

async function measure({
  computeOnly,
  reviewOnly,
  figuresOnly,
  uiOnly,
  peer,
  python,
  maps,
  large,
  storm,
}: BenchOptions): Promise<BenchReport> {
  const statuses = reviewOnly || figuresOnly || uiOnly ? [] : await availableBackends()
  const report: BenchReport = {
    at: new Date().toISOString(),
    node: process.versions.node,
    cpus: cpus()[0]?.model ?? 'unknown processor',
    cores: availableParallelism(),
    compute: [],
    epochs: [],
    app: [],
    memory: [],
    calibration: null,
    exports: null,
    figures: null,
    peer: null,
    review: null,
    ui: null,
    missing: statuses
      .filter((status) => !isMeasured(status))
      .map(({ name, reason, device }) => ({ backend: name, reason: reason || `${device} is no real GPU` })),
  }
  for (const { name: backend } of statuses.filter(isMeasured)) {
    for (const architecture of ARCHITECTURES) {
      console.error(`measuring ${backend}, ${architecture} …`)
      report.compute.push(...(await benchCompute(backend, architecture)))
    }
    if (computeOnly) continue
    console.error(`measuring the app on ${backend} …`)
    report.app.push(await benchApp(backend))
    report.memory.push(await benchMemory(backend))
  }
  report.epochs = epochsOf(report.compute)
  if (peer) {
    console.error(`measuring in turns with PyTorch in ${python} …`)
    const backends = statuses.filter(isMeasured).map(({ name }) => name)
    report.peer = await benchPeer(python, ARCHITECTURES, backends)
  }
  if (computeOnly) return report
  if (uiOnly) {
    console.error(`measuring what is felt with ${maps} maps …`)
    report.ui = await benchUi({ maps, large, stormSeconds: storm, rounds: UI_ROUNDS })
    return report
  }
  if (!reviewOnly) {
    console.error('measuring the figures over a million maps …')
    report.figures = await benchFigures()
  }
  if (figuresOnly) return report
  if (!reviewOnly) {
    console.error('measuring a calibration …')
    report.calibration = await benchCalibration()
    console.error('measuring exports of 10,000 maps …')
    report.exports = await benchExports()
  }
  console.error(`measuring the review of ${maps} maps …`)
  report.review = await benchReview(maps)
  return report
}
