import { Command } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }

/** One module a command in commands/, in the order of the help. Each is loaded when it is needed: that saves half the start. */
const COMMANDS = {
  init: async () => (await import('./commands/init.ts')).initCommand(),
  data: async () => (await import('./commands/data.ts')).dataCommand(),
  train: async () => (await import('./commands/train.ts')).trainCommand(),
  models: async () => (await import('./commands/models.ts')).modelsCommand(),
  explain: async () => (await import('./commands/explain.ts')).explainCommand(),
  merge: async () => (await import('./commands/merge.ts')).mergeCommand(),
  cluster: async () => (await import('./commands/cluster.ts')).clusterCommand(),
  runs: async () => (await import('./commands/runs.ts')).runsCommand(),
  sets: async () => (await import('./commands/sets.ts')).setsCommand(),
  sanity: async () => (await import('./commands/sanity.ts')).sanityCommand(),
  score: async () => (await import('./commands/score.ts')).scoreCommand(),
  calibrate: async () => (await import('./commands/calibrate.ts')).calibrateCommand(),
  agreement: async () => (await import('./commands/agreement.ts')).agreementCommand(),
  figure: async () => (await import('./commands/figure.ts')).figureCommand(),
  statistics: async () => (await import('./commands/statistics.ts')).statisticsCommand(),
  report: async () => (await import('./commands/report.ts')).reportCommand(),
  maps: async () => (await import('./commands/maps.ts')).mapsCommand(),
  check: async () => (await import('./commands/check.ts')).checkCommand(),
  metrics: async () => (await import('./commands/metrics.ts')).metricsCommand(),
  import: async () => (await import('./commands/import.ts')).importCommand(),
  export: async () => (await import('./commands/export.ts')).exportCommand(),
  verify: async () => (await import('./commands/verify.ts')).verifyCommand(),
  backup: async () => (await import('./commands/backup.ts')).backupCommand(),
  restore: async () => (await import('./commands/restore.ts')).restoreCommand(),
  repair: async () => (await import('./commands/repair.ts')).repairCommand(),
  reviewer: async () => (await import('./commands/reviewer.ts')).reviewerCommand(),
  serve: async () => (await import('./commands/serve.ts')).serveCommand(),
  log: async () => (await import('./commands/log.ts')).logCommand(),
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand(),
  'explain-term': async () => (await import('./commands/explain-term.ts')).explainTermCommand(),
  bench: async () => (await import('./commands/bench.ts')).benchCommand(),
} as const satisfies Readonly<Record<string, () => Promise<Command>>>

/**
 * The command line.
 *
 * @param name the command that is asked for; without it, or with a name that is none, the program has all of them
 */
export async function createProgram(name?: string): Promise<Command> {
  const program = new Command('heatproof')
    .description(packageJson.description)
    .version(packageJson.version)
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failure, 2 bad input, 130 stopped by Ctrl+C. With --json, errors are JSON on stderr too.',
    )
  const asked = Object.entries(COMMANDS).filter(([known]) => known === name)
  for (const [, load] of asked.length > 0 ? asked : Object.entries(COMMANDS)) program.addCommand(await load())
  return program
}
