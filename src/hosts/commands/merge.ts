import { Command } from 'commander'
import { loadDataset } from '../../engine/data/datasets.ts'
import { mergeShards, type MergedShards } from '../../engine/jobs/merge-shards.ts'
import { openWorkspace } from '../../engine/workspace/open.ts'
import { formatCount, plural } from '../../shared/units.ts'
import { interruptible, throwIfInterrupted } from '../command-support/interrupt.ts'
import { workspaceOption } from '../options.ts'

/** `heatproof merge`: takes shard files in, each once, all of them or none. */
export function mergeCommand(): Command {
  return new Command('merge')
    .description(
      'take in the files of `explain --shard`, each exactly once and in any order; all of them or none',
    )
    .argument('<files...>', 'shard files')
    .addOption(workspaceOption())
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample: heatproof merge --workspace digits.heatproof shard-*.jsonl')
    .action(async (files: string[], { workspace: path, json }: { workspace: string; json?: true }) => {
      const merged = await interruptible(async (signal) => {
        const workspace = openWorkspace(path)
        try {
          const checkCancelled = () => throwIfInterrupted(signal, 'Nothing was taken in; start it again.')
          const { database } = workspace
          return await mergeShards({ database, data: loadDataset, files, checkCancelled })
        } finally {
          workspace.close()
        }
      })
      console.log(json ? JSON.stringify(merged, null, 2) : merged.map(printRun).join('\n'))
    })
}

function printRun({ runId, title, maps, present, shards, of }: MergedShards): string {
  const before = present === 0 ? '' : ` (${formatCount(present)} were there before)`
  const rest = shards === of ? 'all parts are there' : `${shards} of ${of} parts are there`
  return `run ${runId}, ${title}: ${plural(maps, 'map')} came in${before}; ${rest}`
}
