import { Command } from 'commander'
import { runJob, withWorkspace } from '../command-support/job.ts'
import { workspaceOption } from '../options.ts'

/** `heatproof score`: shares and scores of every map, computed again from its values. */
export function scoreCommand(): Command {
  return new Command('score')
    .description('score every stored map again, under the active calibration')
    .addOption(workspaceOption())
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample: heatproof score --workspace digits.heatproof')
    .action(async (options: { workspace: string; json?: true }) => {
      const { total } = await withWorkspace(options, (engine) =>
        runJob(engine, {
          start: async () => (await engine.handlers['runs.score']({})).jobId,
          quiet: options.json ?? false,
          afterwards: () => 'Start it again.',
        }),
      )
      console.log(options.json ? JSON.stringify({ maps: total }) : `scored ${total} maps`)
    })
}
