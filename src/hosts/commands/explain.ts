import { Command, InvalidArgumentError } from 'commander'
import type { Engine } from '../../engine/api/engine.ts'
import type { Output } from '../../shared/contract/contract.ts'
import {
  RunRequest,
  SetRunRequest,
  Shard,
  targetOfText,
  type InputSize,
  type ModelSummary,
} from '../../shared/contract/runs.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { STANDARD_METHODS } from '../../shared/methods.ts'
import { isComputable, itemsOfDataset, type BackendName } from '../../shared/names.ts'
import { plural, printInputSize } from '../../shared/units.ts'
import { explainShard } from '../command-support/explain-shard.ts'
import { findModels } from '../command-support/find-models.ts'
import { findSet } from '../command-support/find-set.ts'
import { runJob, withWorkspace } from '../command-support/job.ts'
import { methodIds, METHODS_HELP } from '../command-support/method-ids.ts'
import { parseRequest } from '../command-support/parse-request.ts'
import { howToResume, resumeOption, startOrResume, type Resume } from '../command-support/resume.ts'
import { anyNumber, backendOption, workspaceOption } from '../options.ts'

export interface ExplainOptions {
  workspace: string
  backend: BackendName | 'auto'
  models?: string | undefined
  methods: string
  set?: string
  count?: number
  resume?: Resume
  shard?: Shard
  out?: string
  json?: true
}

/** A model that a run leaves out, since its weights are damaged. */
interface LeftOut {
  id: number
  name: string
  reason: string
}

/** `heatproof explain`: computes and stores the maps of a run; what is there already is not computed again. */
export function explainCommand(): Command {
  return new Command('explain')
    .description('compute heatmaps into a workspace; Ctrl+C stops it, and what was computed is kept')
    .addOption(workspaceOption())
    .addOption(backendOption())
    .option('--models <list>', 'names or ids, with commas between (default: all that read such inputs)')
    .option('--methods <list>', METHODS_HELP, STANDARD_METHODS.join(','))
    .option('--set <set>', 'explain imported samples, by the name or id of their set, instead of a data set')
    .option('--dataset <name>', 'data set', 'mnist-3-digits-maj')
    .option('--split <name>', 'train, validation or test', 'test')
    .option('--fold <n>', 'fold, 1 to 5', anyNumber('--fold'), 1)
    .option('--count <n>', 'samples (default: 200, or all of --set)', anyNumber('--count'))
    .option('--seed <n>', 'seed of the samples', anyNumber('--seed'), 0)
    .option(
      '--target <which>',
      'class that is explained: label, predicted, or a class such as 3',
      targetOfText,
      'label',
    )
    .addOption(resumeOption())
    .option(
      '--shard <K/N>',
      'compute part K of N alone, into the file --out; the workspace stays as it is',
      shardOfText,
    )
    .option('--out <file>', 'with --shard: the file that `heatproof merge` takes in')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample: heatproof explain --workspace digits.heatproof --methods dtd,sa --count 1000' +
        '\n         heatproof explain --workspace digits.heatproof --methods dtd --target 3' +
        '\n         heatproof explain --workspace w.heatproof --set cifar --models resnet --methods lrp_eps,ig' +
        '\n         heatproof explain --workspace digits.heatproof --count 10000 --shard 3/16 --out shard-3.jsonl',
    )
    .action(async (options: ExplainOptions) => {
      if (options.shard !== undefined || options.out !== undefined) return printShard(options)
      let leftOut: LeftOut[] = []
      const start = async (engine: Engine) => {
        const started = await startRun(engine, options)
        leftOut = started.leftOut
        if (options.json !== true) for (const model of leftOut) console.error(printLeftOut(model))
        return started
      }
      const run = await withWorkspace(options, async (engine) => {
        const { resultId } = await runJob(engine, {
          start: () => startOrResume(engine, 'explain', options.resume, () => start(engine)),
          quiet: options.json ?? false,
          afterwards: (jobId) => howToResume('explain', options, jobId),
        })
        return engine.handlers['runs.get']({ id: resultId ?? 0 })
      })
      console.log(
        options.json
          ? JSON.stringify({ ...run, leftOut }, null, 2)
          : `${run.title}: ${run.maps} of ${run.mapsExpected} maps`,
      )
    })
}

/** Stores the run that the options ask for, and queues its job. */
async function startRun(
  { handlers }: Engine,
  options: ExplainOptions,
): Promise<{ jobId: number; leftOut: LeftOut[] }> {
  const methods = methodIds(options.methods)
  const models = (await handlers['models.list']({})).filter(isComputable)
  if (models.length === 0) throw noModels()
  const given = options.models === undefined ? models : findModels(options.models, models)
  const idsOf = (chosen: readonly ModelSummary[]) => [...new Set(chosen.map(({ id }) => id))]
  if (options.set !== undefined) {
    const inputs = await handlers['runs.inputs']({})
    const set = findSet(options.set, inputs.sets)
    const { chosen, leftOut } =
      options.models === undefined ? modelsForSet(set, given, inputs) : { chosen: given, leftOut: [] }
    const wanted = { count: set.count, ...options, modelIds: idsOf(chosen), methods, sampleSetId: set.id }
    const { jobId } = await handlers['runs.startOnSet'](parseRequest(SetRunRequest, wanted, 'explain'))
    return { jobId, leftOut }
  }
  const drawn = { count: 200, ...options, modelIds: idsOf(given), methods }
  const request = parseRequest(RunRequest, drawn, 'explain')
  const items = itemsOfDataset(request.dataset)
  const fitting = options.models === undefined ? models.filter((model) => model.items === items) : []
  const { jobId } = await handlers['runs.start'](
    fitting.length === 0 ? request : { ...request, modelIds: idsOf(fitting) },
  )
  return { jobId, leftOut: [] }
}

/**
 * The models that read the samples of a set. Damaged ones are left out, for what they read is in their weights; when no other
 * reads such samples, they come first, so that the refusal of the run says what is wrong with them.
 */
function modelsForSet(
  set: InputSize,
  models: readonly ModelSummary[],
  inputs: Output<'runs.inputs'>,
): { chosen: readonly ModelSummary[]; leftOut: LeftOut[] } {
  const fitting = models.filter(({ id }) =>
    inputs.models.some((input) => input.id === id && printInputSize(input) === printInputSize(set)),
  )
  const leftOut = models.flatMap(({ id, name }) => {
    const { reason } = inputs.damaged.find((damaged) => damaged.id === id) ?? {}
    return reason === undefined ? [] : [{ id, name, reason }]
  })
  if (fitting.length > 0) return { chosen: fitting, leftOut }
  const isDamaged = ({ id }: ModelSummary) => leftOut.some((damaged) => damaged.id === id)
  const damagedFirst = models.toSorted((a, b) => Number(isDamaged(b)) - Number(isDamaged(a)))
  return { chosen: damagedFirst, leftOut }
}

function printLeftOut({ id, name, reason }: LeftOut): string {
  return `Model ${id}, ${name}, is damaged and left out: ${reason}`
}

async function printShard({ shard, out, resume, ...options }: ExplainOptions): Promise<void> {
  if (options.set !== undefined) {
    throw new HeatproofError('bad_argument', {
      found: '--set together with --shard or --out',
      expected: 'sequences of a data set, which every machine draws for itself',
      advice: 'Explain imported samples on one machine, without --shard.',
    })
  }
  if (shard === undefined || out === undefined || resume !== undefined) {
    throw new HeatproofError('bad_argument', {
      found:
        shard === undefined
          ? '--out without --shard'
          : `--shard without ${out === undefined ? '--out' : 'a fresh start'}`,
      expected: '--shard K/N together with --out FILE, and without --resume',
      advice: 'Give both; the same command goes on where it stopped.',
    })
  }
  const written = await explainShard({ ...options, shard, out }, (engine) =>
    startRun(engine, { ...options, shard, models: undefined }),
  )
  const { maps, sha256, path } = written
  console.log(
    options.json
      ? JSON.stringify(written, null, 2)
      : `${plural(maps, 'map')} of part ${shard.index} of ${shard.of}, written to ${path}\nSHA-256: ${sha256}`,
  )
}

function shardOfText(text: string): Shard {
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(text) ?? []
  const shard = Shard.safeParse({ index: Number(index), of: Number(of) })
  if (shard.success) return shard.data
  throw new InvalidArgumentError('Expected part and number of parts, e.g. 3/16, the first being 1/16.')
}

function noModels(): HeatproofError {
  return new HeatproofError('not_found', {
    found: 'a workspace without models',
    expected: 'at least one model to explain',
    advice:
      'Train one with `heatproof train`, or take in a shipped one: `heatproof models --shipped` lists them.',
  })
}
