import { Command } from 'commander'
import { HeatproofError } from '../../shared/errors.ts'
import { workspaceOption } from '../options.ts'

interface RestoreOptions {
  workspace: string
  from?: string
  json?: true
}

/** `heatproof restore`: puts a backup in the place of a workspace. */
export function restoreCommand(): Command {
  return new Command('restore')
    .description('put a backup in the place of a workspace; what was there is kept under another name')
    .addOption(workspaceOption())
    .option('--from <file>', 'the backup; default: the newest one')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample: heatproof restore --workspace digits.heatproof' +
        '\n\n`heatproof backup --list` says which backups there are.',
    )
    .action(async ({ workspace, from, json }: RestoreOptions) => {
      const { listBackups } = await import('../../engine/workspace/backups.ts')
      const { restoreBackup } = await import('../../engine/workspace/restore.ts')
      const backup = from ?? listBackups(workspace)[0]?.path
      if (backup === undefined) throw noBackup(workspace)
      const kept = restoreBackup(backup, workspace)
      if (json) console.log(JSON.stringify({ restored: backup, kept }, null, 2))
      else console.log(`restored ${backup}${kept === null ? '' : `; what was there is now ${kept}`}`)
    })
}

function noBackup(workspace: string): HeatproofError {
  return new HeatproofError('not_found', {
    found: `no backup of ${workspace}`,
    expected: 'one in the folder beside it',
    advice: 'Name a file with --from.',
  })
}
