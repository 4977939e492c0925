import { basename, dirname, join, resolve } from 'node:path'
import { Command, Option } from 'commander'
import type { Engine } from '../../engine/api/engine.ts'
import type { ModelFile, NetworkReport } from '../../shared/contract/model-files.ts'
import type { ModelSummary } from '../../shared/contract/runs.ts'
import { inspectNetwork } from '../../engine/api/model-files.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { writeFileAtomically } from '../../engine/exchange/atomic-file.ts'
import { toPytorch } from '../../engine/models/pytorch-weights.ts'
import {
  CHANNEL_ORDERS,
  DATASET_NAMES,
  WEIGHT_LAYOUTS,
  type ChannelOrder,
  type DatasetName,
  type WeightLayout,
} from '../../shared/names.ts'
import type { Output } from '../../shared/contract/contract.ts'
import { formatPercent, shortHash } from '../../shared/units.ts'
import { parseRange, printNetwork, readBeside } from '../command-support/network-file.ts'
import { oneModel } from '../command-support/find-models.ts'
import { withWorkspace } from '../command-support/job.ts'
import { writeTogether } from '../command-support/output-folder.ts'
import { readInputFile } from '../command-support/read-input-file.ts'
import { printTable } from '../command-support/table.ts'
import { wholeNumber, workspaceOption } from '../options.ts'

interface ModelsOptions {
  workspace: string
  import?: string
  shipped?: true
  addShipped?: string[]
  export?: string
  out?: string
  layout: WeightLayout
  inputScale: [number, number]
  inputRows?: number
  mapping?: string
  inSteps?: true
  channels?: ChannelOrder
  dataset?: DatasetName
  dryRun?: true
  force?: true
  json?: true
}

const IMPORTING = ['export', 'out', 'force']

/** `heatproof models`: the models of a workspace; takes a weight file or a shipped model in, or writes one out. */
export function modelsCommand(): Command {
  return new Command('models')
    .description('list the models of a workspace, take in a weight file or a shipped model, or write one out')
    .addOption(workspaceOption())
    .addOption(
      new Option(
        '--import <file>',
        "take in a model: a .safetensors file, or another program's network as .onnx, .keras or .h5",
      ).conflicts(IMPORTING),
    )
    .addOption(
      new Option('--shipped', 'list the trained models that ship with the program').conflicts([
        ...IMPORTING,
        'import',
      ]),
    )
    .addOption(
      new Option('--add-shipped <names...>', 'take in shipped models').conflicts([
        ...IMPORTING,
        'import',
        'shipped',
      ]),
    )
    .option('--export <model>', 'write a model, by its name or id, to --out')
    .option('--out <file>', 'the .safetensors file that --export writes')
    .addOption(
      new Option('--layout <layout>', 'names and order of the tensors of --import and --export')
        .choices(WEIGHT_LAYOUTS)
        .default('heatproof'),
    )
    .addOption(
      new Option(
        '--input-scale <low,high>',
        'what black and white are for an imported network; -1,1 is what our own models read',
      )
        .argParser(parseRange)
        .default([-1, 1], '-1,1'),
    )
    .addOption(
      new Option(
        '--input-rows <n>',
        'rows of the image, for a network that reads it flat or in steps (default: 28)',
      ).argParser(wholeNumber('--input-rows', 1, 4096)),
    )
    .option(
      '--mapping <file>',
      'JSON that says which layers the weights of --import belong to: PyTorch modules in a chain',
    )
    .option('--in-steps', 'an input of two axes is [steps, pixels of a step] and not [rows, columns]')
    .addOption(
      new Option(
        '--channels <order>',
        'whether a network reads [batch, channels, rows, columns] (first) or [batch, rows, columns, channels] (last); by default the ' +
          'axis of at most 4 entries is the channels',
      ).choices(CHANNEL_ORDERS),
    )
    .addOption(
      new Option(
        '--dataset <name>',
        'the data set whose classes an imported network knows, so that new runs on it begin with the model',
      ).choices(DATASET_NAMES),
    )
    .option('--dry-run', 'say what --import would make of a network, and store nothing')
    .option('--force', 'replace a file that is there')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample: heatproof models --workspace digits.heatproof --export 1 --out deep.safetensors',
    )
    .action(async (options: ModelsOptions) => {
      requireExportWithOut(options)
      if (options.dryRun === true) {
        const report = await inspect(options)
        console.log(options.json ? JSON.stringify(report, null, 2) : printNetwork(report))
        return
      }
      if (options.shipped === true) {
        const shipped = await withWorkspace({ workspace: options.workspace }, async ({ handlers }) =>
          handlers['models.shipped']({}),
        )
        console.log(options.json ? JSON.stringify(shipped, null, 2) : printShipped(shipped))
        return
      }
      const models = await withWorkspace({ workspace: options.workspace }, (engine) => work(engine, options))
      console.log(options.json ? JSON.stringify(models, null, 2) : printModels(models, options))
    })
}

/** Gives the models that it is about: the one that came in or went out, or all. */
async function work(engine: Engine, options: ModelsOptions): Promise<ModelSummary[]> {
  if (options.import !== undefined)
    return [await engine.handlers['models.import'](await modelFile(options.import, options))]
  if (options.addShipped !== undefined) {
    return engine.handlers['models.addShipped']({ names: options.addShipped })
  }
  const models = await engine.handlers['models.list']({})
  if (options.export === undefined || options.out === undefined) return models
  const model = oneModel('--export', options.export, models)
  const own = await engine.bulk.modelFile(model.id)
  const file = options.layout === 'pytorch' ? toPytorch(own, model.name) : own
  await writeModelFile(resolve(options.out), file, options.force ?? false)
  return [model]
}

/** Needs no workspace. */
async function inspect(options: ModelsOptions): Promise<NetworkReport> {
  if (options.import !== undefined) return inspectNetwork(await modelFile(options.import, options))
  throw new HeatproofError('bad_argument', {
    found: '--dry-run without --import',
    expected: 'the file that is looked at',
    advice: 'Run `heatproof models --help` for an example.',
  })
}

async function modelFile(
  path: string,
  { layout, inputScale, inputRows, inSteps, channels, dataset, mapping: mappingPath }: ModelsOptions,
): Promise<ModelFile> {
  const file = await readInputFile(path, 'the model, a .safetensors, .onnx, .keras or .h5 file')
  const beside = path.toLowerCase().endsWith('.onnx') ? await readBeside(path, file) : []
  const mapping =
    mappingPath === undefined
      ? undefined
      : Buffer.from(await readInputFile(mappingPath, 'the mapping, a JSON file')).toString('utf8')
  const base64 = Buffer.from(file).toString('base64')
  return {
    fileName: basename(path),
    base64,
    layout,
    inputRange: inputScale,
    inputRows,
    inSteps,
    channels,
    dataset,
    mapping,
    beside,
  }
}

async function writeModelFile(path: string, file: Uint8Array, force: boolean): Promise<void> {
  const name = basename(path)
  await writeTogether({ folder: dirname(path), names: [name], force }, (temporary) =>
    writeFileAtomically(join(temporary, name), file),
  )
}

function requireExportWithOut({ export: model, out }: ModelsOptions): void {
  if ((model === undefined) === (out === undefined)) return
  throw new HeatproofError('bad_argument', {
    found: model === undefined ? '--out without --export' : '--export without --out',
    expected: 'both, to write a model to a file',
    advice: 'Run `heatproof models --help` for an example.',
  })
}

function printShipped({ models, damaged }: Output<'models.shipped'>): string {
  const table = printTable(
    ['name', 'accuracy', 'in the workspace'],
    models.map(({ name, accuracy, present }) => [name, formatPercent(accuracy), present ? 'yes' : 'no']),
  )
  return [table, ...damaged.map(({ name, reason }) => `${name} is damaged: ${reason}`)].join('\n')
}

function printModels(models: readonly ModelSummary[], { import: taken, out }: ModelsOptions): string {
  const [model] = models
  if (model === undefined)
    return 'The workspace has no models. Train one, or take one in with --import or --add-shipped.'
  if (taken !== undefined) return `imported ${model.name} as model ${model.id}`
  if (out !== undefined) return `wrote ${model.name} to ${resolve(out)}`
  return printTable(
    ['id', 'name', 'accuracy', 'origin', 'SHA-256'],
    models.map(({ id, name, accuracy, origin, sha256 }) => [
      String(id),
      name,
      formatPercent(accuracy),
      origin,
      shortHash(sha256),
    ]),
  )
}
