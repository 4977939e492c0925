import { Command, Option } from 'commander'
import { userName } from '../../engine/user-name.ts'
import type { Engine } from '../../engine/api/engine.ts'
import { CalibrationRequest, type CalibrationVersion } from '../../shared/contract/calibration.ts'
import type { ActiveCalibration } from '../../shared/contract/workspace.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { withWorkspace } from '../command-support/job.ts'
import { parseRequest } from '../command-support/parse-request.ts'
import { printActive, printFit, printVersions } from '../command-support/print-calibration.ts'
import { anyNumber, workspaceOption } from '../options.ts'

interface CalibrateOptions {
  workspace: string
  list?: true
  undo?: true
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
}

/** `heatproof calibrate`: fits a metric to the verdicts, and chooses the version that the scores use. */
export function calibrateCommand(): Command {
  return new Command('calibrate')
    .description('fit the cap and the threshold of a metric to the verdicts; list, activate or undo versions')
    .addOption(workspaceOption())
    .option('--metric <name>', 'metric', 'capped_percentage')
    .option('--mode <name>', 'failure mode', 'single_item_dominance')
    .option('--seed <n>', 'seed of the bootstrap', anyNumber('--seed'), 0)
    .option('--resamples <n>', 'bootstrap resamples', anyNumber('--resamples'), 2000)
    .option('--group-verdicts', 'let verdicts count that went to whole groups of maps')
    .option('--save', 'store the fit as the next version')
    .option('--activate [version]', "store the fit and use it; or use a stored version, or 'default'")
    .addOption(new Option('--list', 'list the stored versions').conflicts(['undo', 'save', 'activate']))
    .addOption(new Option('--undo', 'take the last activation back').conflicts(['save', 'activate']))
    .option('--by <name>', 'who saves or activates it', userName())
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample: heatproof calibrate --workspace digits.heatproof --activate --by Ada')
    .action(async (options: CalibrateOptions) => {
      const answer = await withWorkspace({ workspace: options.workspace }, (engine) => work(engine, options))
      console.log(options.json ? JSON.stringify(answer.json, null, 2) : answer.text)
    })
}

async function work(engine: Engine, options: CalibrateOptions): Promise<Answer> {
  const { handlers } = engine
  const { by, activate } = options
  if (options.list) {
    const versions = await handlers['calibration.list']({})
    return { json: versions, text: printVersions(versions) }
  }
  if (options.undo) return activeAnswer(await handlers['calibration.undo']({ by }))
  if (typeof activate === 'string') {
    const id = idOfVersion(activate, await handlers['calibration.list']({}))
    return activeAnswer(await handlers['calibration.activate']({ id, by }))
  }
  return fitAnswer(engine, options)
}

async function fitAnswer({ handlers }: Engine, options: CalibrateOptions): Promise<Answer> {
  const { by, save, activate } = options
  const request = parseRequest(CalibrationRequest, { ...options }, 'calibrate')
  if (!save && !activate) {
    const fit = await handlers['calibration.fit'](request)
    return { json: { version: null, fit }, text: printFit(fit, null) }
  }
  const { id, version, fit } = await handlers['calibration.save']({ ...request, createdBy: by })
  if (activate) await handlers['calibration.activate']({ id, by })
  return { json: { version, fit }, text: printFit(fit, version) }
}

function activeAnswer(active: ActiveCalibration): Answer {
  return { json: active, text: printActive(active) }
}

/** null for the default. @throws HeatproofError `not_found` */
function idOfVersion(text: string, versions: readonly CalibrationVersion[]): number | null {
  if (text === 'default') return null
  const found = versions.find(({ version }) => String(version) === text)
  if (found !== undefined) return found.id
  throw new HeatproofError('not_found', {
    found: `no version '${text}' of the calibration`,
    expected: ['default', ...versions.map(({ version }) => version)].join(', '),
    advice: 'See `heatproof calibrate --list`.',
  })
}
