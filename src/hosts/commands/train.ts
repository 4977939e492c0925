import { Command } from 'commander'
import { TrainRequest } from '../../shared/contract/runs.ts'
import { DATASET_NAMES, ARCHITECTURE_NAMES, type BackendName } from '../../shared/names.ts'
import { runJob, startOrResume, withWorkspace } from '../command-support/job.ts'
import { parseRequest } from '../command-support/parse-request.ts'
import { backendOption, wholeNumber, workspaceOption } from '../options.ts'

interface TrainOptions {
  workspace: string
  backend: BackendName | 'auto'
  resume?: number
  json?: true
}

/** `heatproof train`: trains a network into a workspace. */
export function trainCommand(): Command {
  return new Command('train')
    .description('train a network; Ctrl+C stops it with a checkpoint')
    .addOption(workspaceOption())
    .addOption(backendOption())
    .option('--architecture <name>', `one of ${ARCHITECTURE_NAMES.join(', ')}`, 'deep')
    .option('--dataset <name>', `one of ${DATASET_NAMES.join(', ')}`, 'mnist-3-digits-maj')
    .option('--stationary-dropout', 'one dropout mask a sequence', false)
    .option('--steps <n>', 'steps that the sequence is read in', Number, 12)
    .option('--fold <n>', 'fold of the cross-validation, 1 to 5', Number, 1)
    .option('--epochs <n>', 'epochs', Number, 14)
    .option('--batch <n>', 'sequences a step', Number, 50)
    .option('--learning-rate <x>', 'learning rate of the first step', Number, 1e-3)
    .option('--final-learning-rate <x>', 'learning rate that a cosine falls to', Number, 5e-5)
    .option('--dropout-keep <x>', 'share of activations that dropout keeps', Number, 0.8)
    .option('--count <n>', 'training sequences an epoch (default: all)', Number)
    .option('--seed <n>', 'seed of everything that is random', Number, 0)
    .option('--resume <job>', 'go on with a stopped job', wholeNumber('--resume', 1, 1e9))
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample: heatproof train --workspace digits.heatproof --architecture rlstm --epochs 10',
    )
    .action(async (options: TrainOptions) => {
      const request = parseRequest(TrainRequest, options, 'train')
      const model = await withWorkspace(options, async (engine) => {
        const start = startOrResume(engine, options.resume, () => engine.handlers['models.train'](request))
        const { resultId } = await runJob(engine, start, options.json ?? false)
        return (await engine.handlers['models.list']({})).find(({ id }) => id === resultId)
      })
      console.log(
        options.json
          ? JSON.stringify(model, null, 2)
          : `trained ${model?.name ?? ''}: test accuracy ${model?.accuracy ?? 'unknown'}`,
      )
    })
}
