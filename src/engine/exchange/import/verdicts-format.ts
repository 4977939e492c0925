import type { ImportFindings, ImportOptions } from '../../../shared/contract/imports.ts'
import { HeatproofError } from '../../../shared/errors.ts'
import { formatCount, plural } from '../../../shared/units.ts'
import { transact } from '../../workspace/statements.ts'
import type { ImportContext, ImportFormat, StoredImport } from './import-format.ts'
import { readVerdictFile, VERDICT_FILES, verdictFileKind, type VerdictFile } from './verdict-file.ts'
import { mapsByHash } from './verdict-maps.ts'
import { planVerdicts, storeVerdicts, type VerdictPlan } from './verdict-plan.ts'
import { readVerdicts, type ReadVerdicts } from './verdict-rows.ts'

/** The most conflicts that are listed. */
const LISTED = 20

/**
 * Verdicts that were given elsewhere: tables, and what Label Studio and FiftyOne hold. They come in as verdicts outside of any
 * queue, which fits treat as on maps that somebody chose.
 */
export const verdictsFormat: ImportFormat = {
  name: 'verdicts',
  detect: async (path) => (await verdictFileKind(path)) !== undefined,
  async open(path, options) {
    requireNoOptions(options)
    const file = await readVerdictFile(path)
    const read = readVerdicts(file.rows, path)
    return {
      async inspect(database, by) {
        const plan = planVerdicts(database, read.verdicts, await mapsByHash(database, read.verdicts), by)
        return {
          facts: factsOf(file, read, plan, by),
          warnings: read.warnings,
          conflicts: listed(plan.conflicts),
          previews: [],
        }
      },
      store: (context) => store(file, read, context),
      close: () => Promise.resolve(),
    }
  },
}

async function store(
  file: VerdictFile,
  { verdicts, warnings }: ReadVerdicts,
  { database, request, signal, report }: ImportContext,
): Promise<StoredImport> {
  report({ done: 0, total: 0, detail: 'finding maps' })
  const byHash = await mapsByHash(database, verdicts)
  if (signal.aborted) throw cancelled()
  const { fresh, known } = transact(database, () => {
    const plan = planVerdicts(database, verdicts, byHash, request.createdBy)
    const [conflict] = plan.conflicts
    if (conflict !== undefined) throw standsAgainst(conflict, plan.conflicts.length)
    storeVerdicts(database, plan.fresh)
    return plan
  })
  return {
    sha256: file.sha256,
    tool: TOOLS[file.kind] ?? null,
    counts: { verdicts: fresh.length, 'verdicts known before': known },
    warnings,
    runId: null,
  }
}

const TOOLS: Partial<Record<VerdictFile['kind'], string>> = {
  labelStudio: 'Label Studio',
  fiftyone: 'FiftyOne',
}

function factsOf(
  { kind, rows, replaced }: VerdictFile,
  { verdicts }: ReadVerdicts,
  { fresh, known, withoutReviewer }: VerdictPlan,
  by: string | undefined,
): ImportFindings['facts'] {
  const reviewers = new Set(verdicts.flatMap(({ reviewer = by }) => reviewer ?? []))
  return [
    { name: 'file', value: VERDICT_FILES[kind] },
    {
      name: 'verdicts',
      value: `${formatCount(rows.length)}, of which ${formatCount(fresh.length)} are new and ${formatCount(known)} are there already`,
    },
    ...(replaced === 0
      ? []
      : [
          {
            name: 'left out',
            value: `${plural(replaced, 'verdict')} that the file says were replaced later`,
          },
        ]),
    { name: 'reviewers', value: [...reviewers].sort().join(', ') },
    ...(withoutReviewer === 0
      ? []
      : [
          {
            name: 'no reviewer',
            value: `${plural(withoutReviewer, 'verdict')}, taken as given by ${by ?? ''}`,
          },
        ]),
    { name: 'chosen', value: 'not by a queue: fits take these maps as chosen by their reviewers' },
  ]
}

function listed(conflicts: readonly string[]): string[] {
  const more = conflicts.length - LISTED
  return more <= 0 ? [...conflicts] : [...conflicts.slice(0, LISTED), `and ${formatCount(more)} more`]
}

function standsAgainst(conflict: string, count: number): HeatproofError {
  return new HeatproofError('conflict', {
    found: count === 1 ? conflict : `${conflict} (and ${count - 1} more)`,
    expected: 'verdicts on maps of this workspace that say nothing else than what is there',
    advice: 'Nothing was stored. Correct the file; --dry-run --json lists the conflicts.',
  })
}

function cancelled(): HeatproofError {
  return new HeatproofError('cancelled', {
    found: 'that the import was stopped',
    expected: 'an import that runs to its end',
    advice: 'Nothing was stored; start it again.',
  })
}

function requireNoOptions(options: ImportOptions): void {
  const [first] = Object.keys(options)
  if (first === undefined) return
  throw new HeatproofError('bad_argument', {
    found: `the option '${first}' for a file of verdicts`,
    expected: 'none: they go to maps that are in the workspace',
    advice: 'Leave it out.',
  })
}
