import { Command } from 'commander'
import { TrainRequest } from '../../shared/contract/runs.ts'
import { ARCHITECTURE_NAMES, DEFAULT_DATASET, LABELS, type BackendName } from '../../shared/names.ts'
import { runJob, withWorkspace } from '../command-support/job.ts'
import { parseRequest } from '../command-support/parse-request.ts'
import { howToResume, resumeOption, startOrResume, type Resume } from '../command-support/resume.ts'
import { anyNumber, backendOption, workspaceOption } from '../options.ts'

interface TrainOptions {
  workspace: string
  backend: BackendName | 'auto'
  resume?: Resume
  json?: true
}

/** `heatproof train`: trains a network into a workspace. */
export function trainCommand(): Command {
  return new Command('train')
    .description('train a network; Ctrl+C stops it with a checkpoint')
    .addOption(workspaceOption())
    .addOption(backendOption())
    .option('--architecture <name>', `one of ${ARCHITECTURE_NAMES.join(', ')}`, 'deep')
    .option(
      '--dataset <name>',
      'mnist-N-digits-maj or fashion-mnist-N-items-maj, for N items from 1 to 8',
      DEFAULT_DATASET,
    )
    .option('--stationary-dropout', 'one dropout mask a sequence', false)
    .option(
      '--steps <n>',
      'steps that the sequence is read in; must divide its 28 columns an item',
      anyNumber('--steps'),
      12,
    )
    .option('--fold <n>', 'fold of the cross-validation, 1 to 5', anyNumber('--fold'), 1)
    .option('--epochs <n>', 'epochs', anyNumber('--epochs'), 14)
    .option('--batch <n>', 'sequences a step', anyNumber('--batch'), 50)
    .option('--learning-rate <x>', 'learning rate of the first step', anyNumber('--learning-rate'), 1e-3)
    .option(
      '--final-learning-rate <x>',
      'learning rate that a cosine falls to',
      anyNumber('--final-learning-rate'),
      5e-5,
    )
    .option('--dropout-keep <x>', 'share of activations that dropout keeps', anyNumber('--dropout-keep'), 0.8)
    .option('--count <n>', 'training sequences an epoch (default: all)', anyNumber('--count'))
    .option(
      '--labels <which>',
      `${LABELS.join(' or ')}; random ones are a control that learns no evidence`,
      'true',
    )
    .option('--seed <n>', 'seed of everything that is random', anyNumber('--seed'), 0)
    .addOption(resumeOption())
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample: heatproof train --workspace digits.heatproof --architecture rlstm --epochs 10',
    )
    .action(async (options: TrainOptions) => {
      const model = await withWorkspace(options, async (engine) => {
        const start = async () =>
          engine.handlers['models.train'](parseRequest(TrainRequest, { ...options }, 'train'))
        const { resultId } = await runJob(engine, {
          start: () => startOrResume(engine, 'train', options.resume, start),
          quiet: options.json ?? false,
          afterwards: (jobId) => howToResume('train', options, jobId),
        })
        return (await engine.handlers['models.list']({})).find(({ id }) => id === resultId)
      })
      console.log(
        options.json
          ? JSON.stringify(model, null, 2)
          : `trained ${model?.name ?? ''}: test accuracy ${model?.accuracy ?? 'unknown'}`,
      )
    })
}
