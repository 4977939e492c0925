import { Command } from 'commander'
import { formatBytes, formatInstant } from '../../shared/units.ts'
import { printTable } from '../command-support/table.ts'
import { workspaceOption } from '../options.ts'

interface BackupOptions {
  workspace: string
  list?: true
  json?: true
}

/** `heatproof backup`: copies a workspace beside itself, or lists its copies. */
export function backupCommand(): Command {
  return new Command('backup')
    .description('copy a workspace into the folder of its backups, of which the newest ten are kept')
    .addOption(workspaceOption())
    .option('--list', 'list the backups instead, newest first')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample: heatproof backup --workspace digits.heatproof')
    .action(async ({ workspace, list, json }: BackupOptions) => {
      const backups = await import('../../engine/workspace/backups.ts')
      const { withOpenFile } = await import('../command-support/open-file.ts')
      const made = list
        ? backups.listBackups(workspace)
        : [await withOpenFile(workspace, (database) => backups.backUp(database, workspace))]
      if (json) {
        console.log(JSON.stringify(list ? made : made[0], null, 2))
      } else if (made.length === 0) {
        console.log('No backup yet. Make one with `heatproof backup`.')
      } else {
        console.log(
          printTable(
            ['made', 'size', 'version', 'why', 'file'],
            made.map(({ at, bytes, version, beforeMigration, path }) => [
              formatInstant(at),
              formatBytes(bytes),
              String(version),
              beforeMigration ? 'before an update' : 'asked for',
              path,
            ]),
          ),
        )
      }
    })
}
