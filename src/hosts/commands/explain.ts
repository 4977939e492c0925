import { Command } from 'commander'
import type { Engine } from '../../engine/api/engine.ts'
import { RunRequest } from '../../shared/contract/runs.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { STANDARD_METHODS } from '../../shared/methods.ts'
import type { BackendName } from '../../shared/names.ts'
import { runJob, startOrResume, withWorkspace } from '../command-support/job.ts'
import { parseRequest } from '../command-support/parse-request.ts'
import { backendOption, wholeNumber, workspaceOption } from '../options.ts'

interface ExplainOptions {
  workspace: string
  backend: BackendName | 'auto'
  models?: string
  methods: string
  resume?: number
  json?: true
}

/** `heatproof explain`: computes and stores the maps of a run; what is there already is not computed again. */
export function explainCommand(): Command {
  return new Command('explain')
    .description('compute heatmaps into a workspace; Ctrl+C stops it, and what was computed is kept')
    .addOption(workspaceOption())
    .addOption(backendOption())
    .option('--models <list>', 'names or ids, with commas between (default: all)')
    .option('--methods <list>', 'methods, with commas between', STANDARD_METHODS.join(','))
    .option('--dataset <name>', 'data set', 'mnist-3-digits-maj')
    .option('--split <name>', 'train, validation or test', 'test')
    .option('--fold <n>', 'fold, 1 to 5', Number, 1)
    .option('--count <n>', 'samples', Number, 200)
    .option('--seed <n>', 'seed of the samples', Number, 0)
    .option('--target <which>', 'class that is explained: label or predicted', 'label')
    .option('--resume <job>', 'go on with a stopped job', wholeNumber('--resume', 1, 1e9))
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample: heatproof explain --workspace digits.heatproof --methods dtd,sa --count 1000',
    )
    .action(async (options: ExplainOptions) => {
      const run = await withWorkspace(options, async (engine) => {
        const modelIds = await chosenModels(engine, options.models)
        const methods = options.methods.split(',').map((method) => method.trim())
        const request = parseRequest(RunRequest, { ...options, modelIds, methods }, 'explain')
        const start = startOrResume(engine, options.resume, () => engine.handlers['runs.start'](request))
        const { resultId } = await runJob(engine, start, options.json ?? false)
        return engine.handlers['runs.get']({ id: resultId ?? 0 })
      })
      console.log(
        options.json ? JSON.stringify(run, null, 2) : `${run.title}: ${run.maps} of ${run.mapsExpected} maps`,
      )
    })
}

async function chosenModels(engine: Engine, list: string | undefined): Promise<number[]> {
  const models = await engine.handlers['models.list']({})
  if (list === undefined) return models.map(({ id }) => id)
  return list.split(',').map((text) => {
    const wanted = text.trim()
    const model = models.find(({ id, name }) => name === wanted || String(id) === wanted)
    if (model !== undefined) return model.id
    throw new HeatproofError('not_found', {
      found: `no model '${wanted}' in the workspace`,
      expected: `one of ${models.map(({ name }) => name).join(', ')}`,
      advice: 'Correct the name, or import the model in the app.',
    })
  })
}
