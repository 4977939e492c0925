import { Command } from 'commander'
import { AgreementRequest } from '../../shared/contract/agreement.ts'
import { withWorkspace } from '../command-support/job.ts'
import { parseRequest } from '../command-support/parse-request.ts'
import { printAgreement } from '../command-support/print-agreement.ts'
import { watchedRequest } from '../command-support/watched-request.ts'
import { anyNumber, workspaceOption } from '../options.ts'

interface AgreementOptions {
  workspace: string
  json?: true
}

/** `heatproof agreement`: how far reviewers agree with each other, and each with themselves. */
export function agreementCommand(): Command {
  return new Command('agreement')
    .description('say how far reviewers agree with each other and, on repeats, with themselves')
    .addOption(workspaceOption())
    .option('--seed <n>', 'seed of the bootstrap', anyNumber('--seed'), 0)
    .option('--resamples <n>', 'bootstrap resamples', anyNumber('--resamples'), 1000)
    .option('--group-verdicts', 'let verdicts count that went to whole groups of maps')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample: heatproof agreement --workspace digits.heatproof')
    .action(async (options: AgreementOptions) => {
      const request = parseRequest(AgreementRequest, options, 'agreement')
      const quiet = options.json ?? false
      const agreement = await withWorkspace({ workspace: options.workspace }, (engine) =>
        watchedRequest(engine, { unit: 'sets of raters', quiet }, (requestId) =>
          engine.handlers['calibration.agreement']({ ...request, requestId }),
        ),
      )
      console.log(options.json ? JSON.stringify(agreement, null, 2) : printAgreement(agreement))
    })
}
