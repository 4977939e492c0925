import { basename, dirname, join, resolve } from 'node:path'
import { Command, Option } from 'commander'
import type { Engine } from '../../engine/api/engine.ts'
import { writeFileAtomically } from '../../engine/exchange/atomic-file.ts'
import { targetOfText, type ModelSummary } from '../../shared/contract/runs.ts'
import { SanityRequest, type SanityCheck } from '../../shared/contract/sanity.ts'
import { HeatproofError } from '../../shared/errors.ts'
import type { BackendName } from '../../shared/names.ts'
import { DEFAULT_SANITY_SEEDS, MOST_SANITY_SEEDS } from '../../shared/sanity-seeds.ts'
import { oneModel } from '../command-support/find-models.ts'
import { runJob, withWorkspace } from '../command-support/job.ts'
import { methodIds, METHODS_HELP } from '../command-support/method-ids.ts'
import { writeTogether } from '../command-support/output-folder.ts'
import { parseRequest } from '../command-support/parse-request.ts'
import { printSanityCheck } from '../command-support/print-sanity-check.ts'
import { howToResume, resumeOption, startOrResume, type Resume } from '../command-support/resume.ts'
import { anyNumber, backendOption, workspaceOption } from '../options.ts'

function seedsOption(): Option {
  return new Option('--seeds <n>', `draws of fresh weights to average over, 1 to ${MOST_SANITY_SEEDS}`)
    .argParser(anyNumber('--seeds'))
    .default(DEFAULT_SANITY_SEEDS)
    .conflicts('against')
}

interface SanityOptions {
  workspace: string
  backend: BackendName | 'auto'
  model?: string
  against?: string
  methods: string
  csv?: string
  force?: true
  resume?: Resume
  json?: true
}

/** `heatproof sanity`: whether maps change when the model does. */
export function sanityCommand(): Command {
  return new Command('sanity')
    .description(
      'compare the maps of a model with those after its layers got fresh weights, or of another model',
    )
    .addOption(workspaceOption())
    .addOption(backendOption())
    .option('--model <model>', 'the model, by its name or id')
    .option(
      '--against <model>',
      'another model instead of fresh weights, e.g. one that learned random labels',
    )
    .option('--methods <list>', METHODS_HELP, 'sa,gi,gb,dtd,lrp_a1.5b0.5')
    .option('--dataset <name>', 'data set (default: that of the model)')
    .option('--split <name>', 'train, validation or test', 'test')
    .option('--fold <n>', 'fold, 1 to 5', anyNumber('--fold'), 1)
    .option('--count <n>', 'samples', anyNumber('--count'), 100)
    .option('--sample-seed <n>', 'seed of the samples', anyNumber('--sample-seed'), 0)
    .option('--seed <n>', 'seed of the first draw of fresh weights', anyNumber('--seed'), 1)
    .addOption(seedsOption())
    .option(
      '--target <which>',
      'class that is explained: label, predicted (by --model), or a class such as 3',
      targetOfText,
      'label',
    )
    .option('--csv <file>', 'write all numbers as CSV')
    .option('--force', 'replace a file that is there')
    .addOption(resumeOption())
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nLayers get fresh weights one after the other, from the output to the input. A map that stays the same while the model forgets' +
        '\neverything does not show what was learned; `random` comes along as a control that must stay at 1.' +
        '\nExample: heatproof sanity --workspace digits.heatproof --model 1 --methods gb,dtd --csv sanity.csv' +
        '\n         heatproof sanity --workspace digits.heatproof --model 1 --methods dtd --target 3',
    )
    .action(async (options: SanityOptions) => {
      const check = await withWorkspace(options, (engine) => runAndWrite(engine, options))
      console.log(options.json ? JSON.stringify(check, null, 2) : printSanityCheck(check))
    })
}

/** A place for the table that cannot be written is refused before the work begins. */
async function runAndWrite(engine: Engine, options: SanityOptions): Promise<SanityCheck> {
  if (options.csv === undefined) return runCheck(engine, options)
  const path = resolve(options.csv)
  const name = basename(path)
  const output = { folder: dirname(path), names: [name], force: options.force ?? false }
  return writeTogether(output, async (temporary) => {
    const check = await runCheck(engine, options)
    const table = await engine.bulk.sanityTable(check.id)
    await writeFileAtomically(join(temporary, name), new TextEncoder().encode(table))
    return check
  })
}

async function runCheck(engine: Engine, options: SanityOptions): Promise<SanityCheck> {
  const { resultId } = await runJob(engine, {
    start: () => startOrResume(engine, 'sanity', options.resume, () => startCheck(engine, options)),
    quiet: options.json ?? false,
    afterwards: (jobId) => howToResume('sanity', options, jobId),
  })
  return engine.handlers['sanity.get']({ id: resultId ?? 0 })
}

async function startCheck({ handlers }: Engine, options: SanityOptions): Promise<{ jobId: number }> {
  const methods = methodIds(options.methods)
  const models = await handlers['models.list']({})
  const model = requiredModel(options.model, models)
  const against = options.against === undefined ? null : oneModel('--against', options.against, models)
  const request = {
    dataset: model.dataset,
    ...options,
    methods,
    modelId: model.id,
    againstId: against?.id ?? null,
  }
  return handlers['sanity.start'](parseRequest(SanityRequest, request, 'sanity'))
}

function requiredModel(wanted: string | undefined, models: readonly ModelSummary[]): ModelSummary {
  if (wanted !== undefined) return oneModel('--model', wanted, models)
  throw new HeatproofError('bad_argument', {
    found: 'no --model',
    expected: 'the model whose maps are checked, by its name or id',
    advice: '`heatproof models` lists the models of a workspace.',
  })
}
