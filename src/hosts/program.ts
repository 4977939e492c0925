import { Command } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { benchCommand } from './commands/bench.ts'
import { doctorCommand } from './commands/doctor.ts'
import { explainTermCommand } from './commands/explain-term.ts'
import { exportCommand } from './commands/export.ts'
import { mapsCommand } from './commands/maps.ts'
import { metricsCommand } from './commands/metrics.ts'
import { serveCommand } from './commands/serve.ts'
import { verifyCommand } from './commands/verify.ts'

/** The command line: one module a command in commands/, in the order of the help. */
export function createProgram(): Command {
  const program = new Command('heatproof')
    .description(packageJson.description)
    .version(packageJson.version)
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failure, 2 bad input. With --json, errors are JSON on stderr too.',
    )
  for (const command of [
    mapsCommand(),
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
