import { Command, Option } from 'commander'
import type { Engine } from '../../engine/api/engine.ts'
import type { ImportedSet, SetRemoval } from '../../shared/contract/sets.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { formatBytes, formatCount, formatInstant, plural } from '../../shared/units.ts'
import { findSet } from '../command-support/find-set.ts'
import { runJob, withWorkspace } from '../command-support/job.ts'
import { printTable } from '../command-support/table.ts'
import { workspaceOption } from '../options.ts'

interface SetsOptions {
  workspace: string
  delete?: string
  dryRun?: true
  json?: true
}

/** `heatproof sets`: the imported sets of a workspace; deletes one with all that hangs on it. */
export function setsCommand(): Command {
  return new Command('sets')
    .description('list the imported sets of a workspace, or delete one with its images, runs and maps')
    .addOption(workspaceOption())
    .addOption(
      new Option(
        '--delete <set>',
        'delete the set with this name or id: its images, its runs and all maps of them; there is no undo. It is refused when a ' +
          'map has a verdict or may be in an export. Stopped by Ctrl+C, the same command with the id goes on',
      ),
    )
    .option('--dry-run', 'say what --delete would take away, or why it is refused, and change nothing')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample: heatproof sets --workspace w.heatproof' +
        '\n         heatproof sets --workspace w.heatproof --delete photos --dry-run',
    )
    .action(async (options: SetsOptions) => {
      const { workspace, delete: wanted, json } = options
      if (wanted === undefined && options.dryRun) throw dryRunAlone()
      const answer = await withWorkspace({ workspace }, async (engine) => {
        const sets = await engine.handlers['sets.list']({})
        return wanted === undefined ? listed(sets) : deleted(engine, findSet(wanted, sets), options)
      })
      console.log(json ? JSON.stringify(answer.json, null, 2) : answer.text)
    })
}

/** What is printed: as JSON, or as text. */
interface Answer {
  json: unknown
  text: string
}

function listed(sets: readonly ImportedSet[]): Answer {
  if (sets.length === 0)
    return { json: sets, text: 'No imported set. Bring images in with `heatproof import`.' }
  const text = printTable(
    ['id', 'set', 'images', 'size', 'runs', 'imported'],
    sets.map(({ id, name, count, bytes, runs, deleted: gone, createdAt }) => [
      String(id),
      gone ? `${name} (deleted in part)` : name,
      formatCount(count),
      formatBytes(bytes),
      formatCount(runs),
      formatInstant(createdAt),
    ]),
  )
  return { json: sets, text }
}

async function deleted(
  engine: Engine,
  { id, name, deleted: isPart }: ImportedSet,
  { dryRun, json, workspace }: SetsOptions,
): Promise<Answer> {
  const removal = await engine.handlers['sets.removal']({ id })
  if (removal.refusal !== null) throw new HeatproofError('conflict', removal.refusal)
  if (dryRun)
    return { json: { set: id, ...removal }, text: `the set ${name} would go: ${described(removal)}` }
  await runJob(engine, {
    start: async () => (await engine.handlers['sets.remove']({ id })).jobId,
    quiet: json ?? false,
    afterwards: () => `What is left is deleted by: heatproof sets --workspace ${workspace} --delete ${id}`,
  })
  const text = isPart
    ? `deleted what was left of the set ${name}, but for maps with verdicts`
    : `deleted the set ${name}: ${described(removal)}`
  return { json: { deleted: id, ...removal }, text }
}

function described({ samples, maps, runs, models, bytes, shrinks }: SetRemoval): string {
  const space = shrinks ? 'given back to the disk' : 'which new maps will use; the file stays as large'
  const hanging = [plural(samples, 'image'), plural(runs.length, 'run'), plural(maps, 'map')]
  const networks = models.length === 0 ? '' : `, and ${models.join(', ')} with no map left`
  return `${hanging.join(', ')}${networks}; about ${formatBytes(bytes)} ${space}`
}

function dryRunAlone(): HeatproofError {
  return new HeatproofError('bad_argument', {
    found: '--dry-run without --delete',
    expected: 'both, to see what deleting a set would take away',
    advice: 'Run `heatproof sets --help` for an example.',
  })
}
