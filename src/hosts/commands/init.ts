import { existsSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { Command } from 'commander'
import { HeatproofError } from '../../shared/errors.ts'
import { interruptible, throwIfInterrupted } from '../command-support/interrupt.ts'
import { runJob } from '../command-support/job.ts'
import { writeTogether } from '../command-support/output-folder.ts'
import { openWorkspace } from '../open-workspace.ts'

interface InitOptions {
  sample?: true
  json?: true
}

/** `heatproof init FILE`: a new workspace. */
export function initCommand(): Command {
  return new Command('init')
    .description('make a new workspace')
    .argument('<file>', 'the .heatproof file; must not be there yet')
    .option('--sample', 'fill it with the shipped models and their heatmaps on 200 sequences')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample: heatproof init --sample digits.heatproof')
    .action(async (file: string, options: InitOptions) => {
      const path = resolve(file)
      await makeWorkspace(path, options)
      console.log(options.json ? JSON.stringify({ path }) : `made ${path}`)
    })
}

/** The file appears when it is whole: nothing is left when something fails or is stopped. */
async function makeWorkspace(path: string, options: InitOptions): Promise<void> {
  if (existsSync(path)) {
    throw new HeatproofError('conflict', {
      found: `a file at ${path}`,
      expected: 'no file there',
      advice: 'Choose another name; nothing was changed.',
    })
  }
  const name = basename(path)
  await interruptible((signal) =>
    writeTogether({ folder: dirname(path), names: [name], force: false }, async (temporary) => {
      await fillWorkspace(join(temporary, name), options)
      throwIfInterrupted(signal, NOTHING_KEPT)
    }),
  )
}

async function fillWorkspace(workspace: string, { sample, json }: InitOptions): Promise<void> {
  const engine = await openWorkspace({ workspace, whenMissing: 'empty', backend: 'auto', folders: [] })
  try {
    if (!sample) return
    await runJob(engine, {
      start: async () => (await engine.handlers['workspace.openSample']({})).jobId,
      quiet: json ?? false,
      afterwards: () => NOTHING_KEPT,
    })
  } finally {
    await engine.close()
  }
}

const NOTHING_KEPT = 'Nothing was kept; start it again.'
