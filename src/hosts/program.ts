import { Command } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { benchCommand } from './commands/bench.ts'
import { calibrateCommand } from './commands/calibrate.ts'
import { checkCommand } from './commands/check.ts'
import { dataCommand } from './commands/data.ts'
import { doctorCommand } from './commands/doctor.ts'
import { explainCommand } from './commands/explain.ts'
import { explainTermCommand } from './commands/explain-term.ts'
import { exportCommand } from './commands/export.ts'
import { initCommand } from './commands/init.ts'
import { mapsCommand } from './commands/maps.ts'
import { metricsCommand } from './commands/metrics.ts'
import { modelsCommand } from './commands/models.ts'
import { sanityCommand } from './commands/sanity.ts'
import { scoreCommand } from './commands/score.ts'
import { serveCommand } from './commands/serve.ts'
import { trainCommand } from './commands/train.ts'
import { verifyCommand } from './commands/verify.ts'

/** The command line: one module a command in commands/, in the order of the help. */
export function createProgram(): Command {
  const program = new Command('heatproof')
    .description(packageJson.description)
    .version(packageJson.version)
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failure, 2 bad input, 130 stopped by Ctrl+C. With --json, errors are JSON on stderr too.',
    )
  for (const command of [
    initCommand(),
    dataCommand(),
    trainCommand(),
    modelsCommand(),
    explainCommand(),
    sanityCommand(),
    scoreCommand(),
    calibrateCommand(),
    mapsCommand(),
    checkCommand(),
    metricsCommand(),
    exportCommand(),
    verifyCommand(),
    serveCommand(),
    doctorCommand(),
    explainTermCommand(),
    benchCommand(),
  ])
    program.addCommand(command)
  return program
}
