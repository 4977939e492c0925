import { userInfo } from 'node:os'
import { Command } from 'commander'
import { CalibrationRequest, type CalibrationFit } from '../../shared/contract/calibration.ts'
import { withWorkspace } from '../command-support/job.ts'
import { parseRequest } from '../command-support/parse-request.ts'
import { anyNumber, workspaceOption } from '../options.ts'

interface CalibrateOptions {
  workspace: string
  save?: true
  activate?: true
  by: string
  json?: true
}

/** `heatproof calibrate`: fits a metric to the verdicts. */
export function calibrateCommand(): Command {
  return new Command('calibrate')
    .description('fit the cap and the threshold of a metric to the verdicts')
    .addOption(workspaceOption())
    .option('--metric <name>', 'metric', 'capped_percentage')
    .option('--mode <name>', 'failure mode', 'single_item_dominance')
    .option('--seed <n>', 'seed of the bootstrap', anyNumber('--seed'), 0)
    .option('--resamples <n>', 'bootstrap resamples', anyNumber('--resamples'), 2000)
    .option('--save', 'store the fit as the next version')
    .option('--activate', 'store it and make it the active one')
    .option('--by <name>', 'who saves or activates it', userInfo().username)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample: heatproof calibrate --workspace digits.heatproof --activate --by Ada')
    .action(async (options: CalibrateOptions) => {
      const request = parseRequest(CalibrationRequest, options, 'calibrate')
      const { by } = options
      const { fit, version } = await withWorkspace(options, async ({ handlers }) => {
        if (!options.save && !options.activate) {
          return { fit: await handlers['calibration.fit'](request), version: null }
        }
        const saved = await handlers['calibration.save']({ ...request, createdBy: by })
        if (options.activate) await handlers['calibration.activate']({ id: saved.id, by })
        return { fit: saved.fit, version: saved.version }
      })
      console.log(options.json ? JSON.stringify({ version, fit }, null, 2) : printFit(fit, version))
    })
}

function printFit(
  { metric, mode, tau, theta, auc, counts, warnings }: CalibrationFit,
  version: number | null,
): string {
  const show = ({ value, low, high }: { value: number; low: number; high: number }) =>
    `${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`
  return [
    `${metric} against ${mode}${version === null ? '' : `, version ${version}`}`,
    `${counts.positives} failed, ${counts.negatives} accepted`,
    ...(tau === null ? [] : [`tau    ${show(tau)}`]),
    `theta  ${show(theta)}`,
    `AUC    ${show(auc)}`,
    ...warnings,
  ].join('\n')
}
