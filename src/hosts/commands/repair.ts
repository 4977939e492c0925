import { Command } from 'commander'
import { formatCount } from '../../shared/units.ts'
import { printTable } from '../command-support/table.ts'
import { workspaceOption } from '../options.ts'

interface RepairOptions {
  workspace: string
  out: string
  json?: true
}

/** `heatproof repair`: saves what can be read of a damaged workspace. */
export function repairCommand(): Command {
  return new Command('repair')
    .description('write what can be read of a damaged workspace to a new one; the damaged one is only read')
    .addOption(workspaceOption())
    .requiredOption('--out <file>', 'the new workspace')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample: heatproof repair --workspace digits.heatproof --out saved.heatproof' +
        '\n\nA backup (`heatproof restore`) is whole; this is for what came after it.',
    )
    .action(async ({ workspace, out, json }: RepairOptions) => {
      const { repairWorkspace } = await import('../../engine/workspace/repair.ts')
      const tables = repairWorkspace(workspace, out)
      if (json) {
        console.log(JSON.stringify({ written: out, tables }, null, 2))
        return
      }
      const told = tables.filter(({ saved, unreadable, unfit }) => saved + unreadable + unfit > 0)
      console.log(
        printTable(
          ['table', 'rows saved', 'unreadable places', 'rows that no longer fit'],
          told.map(({ table, ...counts }) => [
            table,
            ...[counts.saved, counts.unreadable, counts.unfit].map(formatCount),
          ]),
        ),
      )
      console.log(`wrote ${out}`)
    })
}
