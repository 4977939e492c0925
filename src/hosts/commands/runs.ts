import { Command, Option } from 'commander'
import type { Engine } from '../../engine/api/engine.ts'
import type { Run, RunRemoval } from '../../shared/contract/runs.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { formatBytes, formatCount, formatInstant, plural } from '../../shared/units.ts'
import { runJob, withWorkspace } from '../command-support/job.ts'
import { printTable } from '../command-support/table.ts'
import { wholeNumber, workspaceOption } from '../options.ts'

interface RunsOptions {
  workspace: string
  delete?: number
  dryRun?: true
  json?: true
}

/** `heatproof runs`: the runs of a workspace; deletes one with its maps. */
export function runsCommand(): Command {
  return new Command('runs')
    .description('list the runs of a workspace, or delete one with its maps')
    .addOption(workspaceOption())
    .addOption(
      new Option(
        '--delete <id>',
        'delete this run with its maps; there is no undo. It is refused when a map of it has a verdict or may be in an export. ' +
          'Stopped by Ctrl+C, the same command goes on',
      ).argParser(wholeNumber('--delete', 1, 1e9)),
    )
    .option('--dry-run', 'say what --delete would take away, or why it is refused, and change nothing')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample: heatproof runs --workspace digits.heatproof' +
        '\n         heatproof runs --workspace digits.heatproof --delete 3 --dry-run',
    )
    .action(async (options: RunsOptions) => {
      const { workspace, delete: id, json } = options
      if (id === undefined && options.dryRun) throw dryRunAlone()
      const answer = await withWorkspace({ workspace }, async (engine) =>
        id === undefined ? listed(await engine.handlers['runs.list']({})) : deleted(engine, id, options),
      )
      console.log(json ? JSON.stringify(answer.json, null, 2) : answer.text)
    })
}

/** What is printed: as JSON, or as text. */
interface Answer {
  json: unknown
  text: string
}

function listed(runs: readonly Run[]): Answer {
  if (runs.length === 0) return { json: runs, text: 'No run yet. Start one with `heatproof explain`.' }
  const text = printTable(
    ['id', 'run', 'maps', 'started'],
    runs.map(({ id, title, maps, mapsExpected, createdAt }) => [
      String(id),
      title,
      `${formatCount(maps)} of ${formatCount(mapsExpected)}`,
      formatInstant(createdAt),
    ]),
  )
  return { json: runs, text }
}

async function deleted(
  engine: Engine,
  id: number,
  { dryRun, json, workspace }: RunsOptions,
): Promise<Answer> {
  const removal = await engine.handlers['runs.removal']({ id })
  if (removal.refusal !== null) throw new HeatproofError('conflict', removal.refusal)
  if (dryRun) return { json: { run: id, ...removal }, text: `run ${id} would go: ${described(removal)}` }
  await runJob(engine, {
    start: async () => (await engine.handlers['runs.remove']({ id })).jobId,
    quiet: json ?? false,
    afterwards: () => `What is left is deleted by: heatproof runs --workspace ${workspace} --delete ${id}`,
  })
  return { json: { deleted: id, ...removal }, text: `deleted run ${id}: ${described(removal)}` }
}

function described({ maps, needed, bytes, shrinks }: RunRemoval): string {
  const space = shrinks ? 'given back to the disk' : 'which new maps will use; the file stays as large'
  const staying = needed === 0 ? '' : `; ${plural(needed, 'map')} stay, since another run needs them`
  return `${plural(maps, 'map')}, about ${formatBytes(bytes)} ${space}${staying}`
}

function dryRunAlone(): HeatproofError {
  return new HeatproofError('bad_argument', {
    found: '--dry-run without --delete',
    expected: 'both, to see what deleting a run would take away',
    advice: 'Run `heatproof runs --help` for an example.',
  })
}
