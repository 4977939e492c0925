import { Command, Option } from 'commander'
import { userName } from '../../engine/user-name.ts'
import type { Engine } from '../../engine/api/engine.ts'
import {
  CalibrationRequest,
  type CalibrationVersion,
  type ThresholdRule,
} from '../../shared/contract/calibration.ts'
import type { ActiveCalibration } from '../../shared/contract/workspace.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { withWorkspace } from '../command-support/job.ts'
import { parseRequest } from '../command-support/parse-request.ts'
import {
  printActive,
  printComparison,
  printFit,
  printReproduction,
  printVersions,
} from '../command-support/print-calibration.ts'
import { watchedRequest } from '../command-support/watched-request.ts'
import { anyNumber, decimalNumber, workspaceOption } from '../options.ts'

interface CalibrateOptions {
  workspace: string
  costRatio?: number
  missRate?: number
  list?: true
  undo?: true
  reproduce?: string
  compare?: string[]
  save?: true
  /** `true`: the new fit; otherwise the version. */
  activate?: true | string
  by: string
  json?: true
}

/** What is printed: as JSON, or as text. */
interface Answer {
  json: unknown
  text: string
  /** Default 0. */
  exitCode?: number
}

/** `heatproof calibrate`: fits a metric to the verdicts, and chooses the version that the scores use. */
export function calibrateCommand(): Command {
  const others = ['undo', 'save', 'activate', 'reproduce', 'compare']
  return new Command('calibrate')
    .description(
      'fit the cap and the threshold of a metric to the verdicts; list, compare, activate or undo versions',
    )
    .addOption(workspaceOption())
    .option('--metric <name>', 'metric', 'capped_percentage')
    .option('--mode <name>', 'failure mode', 'single_item_dominance')
    .option('--seed <n>', 'seed of the bootstrap', anyNumber('--seed'), 0)
    .option('--resamples <n>', 'bootstrap resamples', anyNumber('--resamples'), 2000)
    .option('--group-verdicts', 'let verdicts count that went to whole groups of maps')
    .addOption(
      new Option(
        '--cost-ratio <n>',
        'choose theta by cost: what a missed failure costs, a false alarm costing 1',
      )
        .argParser(decimalNumber('--cost-ratio', 0.001, 1000))
        .conflicts('missRate'),
    )
    .option(
      '--miss-rate <share>',
      'choose theta so that at most this share of the failing maps is missed, e.g. 0.1',
      decimalNumber('--miss-rate', 0.001, 0.5),
    )
    .option('--save', 'store the fit as the next version')
    .option('--activate [version]', "store the fit and use it; or use a stored version, or 'default'")
    .addOption(new Option('--list', 'list the stored versions').conflicts(others))
    .addOption(
      new Option('--undo', 'take the last activation back').conflicts([
        'save',
        'activate',
        'reproduce',
        'compare',
      ]),
    )
    .addOption(
      new Option(
        '--reproduce <version>',
        'fit a stored version again from its verdicts, and exit with 1 unless every byte is the same',
      ).conflicts(['save', 'activate', 'compare']),
    )
    .addOption(
      new Option('--compare <versions...>', 'compare two stored versions').conflicts(['save', 'activate']),
    )
    .option('--by <name>', 'who saves or activates it', userName())
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Example: heatproof calibrate --workspace digits.heatproof --activate --by Ada
         heatproof calibrate --workspace digits.heatproof --metric dominance --miss-rate 0.1
         heatproof calibrate --workspace digits.heatproof --compare 1 2`,
    )
    .action(async (options: CalibrateOptions) => {
      const answer = await withWorkspace({ workspace: options.workspace }, (engine) => work(engine, options))
      console.log(options.json ? JSON.stringify(answer.json, null, 2) : answer.text)
      if (answer.exitCode !== undefined) process.exitCode = answer.exitCode
    })
}

async function work(engine: Engine, options: CalibrateOptions): Promise<Answer> {
  const { handlers } = engine
  const { by, activate, reproduce, compare } = options
  if (options.list) {
    const versions = await handlers['calibration.list']({})
    return { json: versions, text: printVersions(versions) }
  }
  if (options.undo) return activeAnswer(await handlers['calibration.undo']({ by }))
  if (reproduce !== undefined) return reproduceAnswer(engine, reproduce, options)
  if (compare !== undefined) return compareAnswer(engine, compare)
  if (typeof activate === 'string') {
    const id = activate === 'default' ? null : (await versionNamed(engine, activate)).id
    return activeAnswer(await handlers['calibration.activate']({ id, by }))
  }
  return fitAnswer(engine, options)
}

async function fitAnswer(engine: Engine, options: CalibrateOptions): Promise<Answer> {
  const { handlers } = engine
  const { by, save, activate } = options
  const request = parseRequest(CalibrationRequest, { ...options, rule: ruleOf(options) }, 'calibrate')
  return watchedRequest(engine, { unit: 'resamples', quiet: options.json ?? false }, async (requestId) => {
    if (!save && !activate) {
      const fit = await handlers['calibration.fit']({ ...request, requestId })
      return { json: { version: null, fit }, text: printFit(fit, null) }
    }
    const stored = await handlers['calibration.save']({ ...request, createdBy: by, requestId })
    const { id, version, fit } = stored
    if (activate) await handlers['calibration.activate']({ id, by })
    return { json: { version, fit }, text: printFit(fit, version) }
  })
}

function ruleOf({ costRatio, missRate }: CalibrateOptions): ThresholdRule {
  if (costRatio !== undefined) return { kind: 'cost', ratio: costRatio }
  return missRate === undefined ? { kind: 'youden' } : { kind: 'miss_rate', rate: missRate }
}

async function reproduceAnswer(engine: Engine, text: string, { json }: CalibrateOptions): Promise<Answer> {
  const { id, version } = await versionNamed(engine, text)
  const reproduction = await watchedRequest(
    engine,
    { unit: 'resamples', quiet: json ?? false },
    (requestId) => engine.handlers['calibration.reproduce']({ id, requestId }),
  )
  return {
    json: { version, ...reproduction },
    text: printReproduction(version, reproduction),
    exitCode: reproduction.identical ? 0 : 1,
  }
}

async function compareAnswer(engine: Engine, names: readonly string[]): Promise<Answer> {
  const [one, other, ...rest] = names
  if (one === undefined || other === undefined || rest.length > 0) {
    throw new HeatproofError('bad_argument', {
      found: `--compare with ${names.length} version${names.length === 1 ? '' : 's'}`,
      expected: 'two versions, e.g. --compare 1 2',
      advice: 'See `heatproof calibrate --list`.',
    })
  }
  const [first, second] = [await versionNamed(engine, one), await versionNamed(engine, other)]
  const compared = await engine.handlers['calibration.compare']({ first: first.id, second: second.id })
  return { json: { first, second, ...compared }, text: printComparison([first, second], compared) }
}

function activeAnswer(active: ActiveCalibration): Answer {
  return { json: active, text: printActive(active) }
}

/** @throws HeatproofError `not_found` */
async function versionNamed({ handlers }: Engine, text: string): Promise<CalibrationVersion> {
  const versions = await handlers['calibration.list']({})
  const found = versions.find(({ version }) => String(version) === text)
  if (found !== undefined) return found
  throw new HeatproofError('not_found', {
    found: `no version '${text}' of the calibration`,
    expected: ['default', ...versions.map(({ version }) => version)].join(', '),
    advice: 'See `heatproof calibrate --list`.',
  })
}
