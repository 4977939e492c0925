import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { Command } from 'commander'
import { openEngine } from '../../engine/engine.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { runJob } from '../command-support/job.ts'

/** `heatproof init FILE`: a new workspace. */
export function initCommand(): Command {
  return new Command('init')
    .description('make a new workspace')
    .argument('<file>', 'the .heatproof file; must not be there yet')
    .option('--sample', 'fill it with the shipped models and their heatmaps on 200 sequences')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample: heatproof init --sample digits.heatproof')
    .action(async (file: string, options: { sample?: true; json?: true }) => {
      const path = resolve(file)
      if (existsSync(path)) {
        throw new HeatproofError('conflict', {
          found: `a file at ${path}`,
          expected: 'no file there',
          advice: 'Choose another name; nothing was changed.',
        })
      }
      const engine = openEngine({ workspacePath: path, create: true, folders: [] })
      try {
        if (options.sample) {
          const start = async () => (await engine.handlers['workspace.openSample']({})).jobId
          await runJob(engine, start, options.json ?? false)
        }
        console.log(options.json ? JSON.stringify({ path }) : `made ${path}`)
      } finally {
        await engine.close()
      }
    })
}
