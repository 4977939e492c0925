import { Command, Option } from 'commander'
import type { AuditResult } from '../../engine/workspace/audit-log.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { plural } from '../../shared/units.ts'
import { printTable } from '../command-support/table.ts'
import { wholeNumber, workspaceOption } from '../options.ts'

interface LogOptions {
  workspace: string
  verify?: true
  head?: string
  last: number
  json?: true
}

/** `heatproof log`: the audit log of a workspace; checks that no row was changed behind it. */
export function logCommand(): Command {
  return new Command('log')
    .description('list what was decided, in its order, or check that nothing of it was changed since')
    .addOption(workspaceOption())
    .option('--verify', 'compute the chain of hashes again; exits with 1 where a row does not agree')
    .option('--head <sha256>', 'with --verify: a hash that was noted earlier, which the log must still hold')
    .addOption(
      new Option('--last <n>', 'how many entries are listed, newest first')
        .argParser(wholeNumber('--last', 1, 1e6))
        .default(20),
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  heatproof log --workspace digits.heatproof' +
        '\n  heatproof log --workspace digits.heatproof --verify --head 4f0c…' +
        '\n\nNote the hash of the last entry elsewhere, e.g. in a paper: with --head it shows that the log did not lose its end.',
    )
    .action(async ({ workspace, verify, head, last, json }: LogOptions) => {
      const { listAuditEntries, verifyAuditLog } = await import('../../engine/workspace/audit-log.ts')
      const { withOpenFile } = await import('../command-support/open-file.ts')
      await withOpenFile(workspace, (database) => {
        if (verify) {
          tellResult(verifyAuditLog(database, head), json ?? false)
          return
        }
        if (head !== undefined) throw headAlone()
        const entries = listAuditEntries(database, last)
        if (json) console.log(JSON.stringify(entries, null, 2))
        else if (entries.length === 0) console.log('Nothing was decided yet.')
        else {
          const rows = entries.map((entry) => [
            String(entry.id),
            entry.table,
            String(entry.rowId),
            entry.sha256,
          ])
          console.log(printTable(['entry', 'table', 'row', 'SHA-256'], rows))
        }
      })
    })
}

/** @throws HeatproofError `verification_failed` where rows do not agree with the log */
function tellResult(result: AuditResult, json: boolean): void {
  const { entries, head, faults } = result
  if (json) console.log(JSON.stringify(result, null, 2))
  const [first] = faults
  if (first !== undefined) {
    throw new HeatproofError('verification_failed', {
      found: `${plural(faults.length, 'row')} that the log does not vouch for, the first ${first.table} ${first.rowId} (${first.fault})`,
      expected: 'every row as it was written',
      advice: 'Compare the workspace with a backup; --json lists all of them.',
    })
  }
  if (!json)
    console.log(
      `${plural(entries, 'entry', 'entries')}, all as they were written; last SHA-256 ${head ?? 'none'}`,
    )
}

function headAlone(): HeatproofError {
  return new HeatproofError('bad_argument', {
    found: '--head without --verify',
    expected: 'both',
    advice: 'Add --verify.',
  })
}
