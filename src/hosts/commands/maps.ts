import { resolve } from 'node:path'
import { Command } from 'commander'
import { readAnyModel } from '../../engine/graph/any-model.ts'
import { TimeLeft } from '../../engine/jobs/progress.ts'
import type { BackendName } from '../../shared/names.ts'
import {
  BATCH,
  computeMaps,
  LOGITS_FILE,
  mapsFile,
  type MapsSummary,
} from '../command-support/compute-maps.ts'
import { interruptible } from '../command-support/interrupt.ts'
import { methodIds, METHODS_HELP } from '../command-support/method-ids.ts'
import { openModelInputs } from '../command-support/model-inputs.ts'
import { writeTogether } from '../command-support/output-folder.ts'
import { ProgressLine } from '../command-support/progress-line.ts'
import { readInputFile } from '../command-support/read-input-file.ts'
import { printTable } from '../command-support/table.ts'
import { readTargets } from '../command-support/targets.ts'
import { backendOption } from '../options.ts'

interface MapsOptions {
  model: string
  input: string
  methods: string[]
  out: string
  target: string
  backend: BackendName | 'auto'
  force?: true
  json?: true
}

interface MapsReport extends MapsSummary {
  model: string
  inputs: number
  /** `predicted`, a class or the file of labels. */
  target: string
  folder: string
  files: string[]
  seconds: number
}

/** `heatproof maps`: relevance maps of a weight file for inputs in a .npy file, without a workspace. */
export function mapsCommand(): Command {
  return new Command('maps')
    .description(
      'compute relevance maps for inputs in a .npy file with a model in a file; needs no workspace',
    )
    .requiredOption('--model <file>', 'the model, a .safetensors file')
    .requiredOption(
      '--input <file>',
      'the inputs, a .npy file of float32 in [-1, 1], [N, 28, 84] or as the model reads them; colour [N, rows, columns, channels] or [N, channels, rows, columns]',
    )
    .requiredOption('--methods <list>', METHODS_HELP, methodIds)
    .requiredOption('--out <dir>', `folder for METHOD.npy (':' becomes '_') and ${LOGITS_FILE}`)
    .option(
      '--target <what>',
      'class that is explained: a number, a file of labels (.npy, or text with one a line), or predicted. ' +
        'Inputs come without labels, so by default it is',
      'predicted',
    )
    .addOption(backendOption())
    .option('--force', 'replace files that are there already')
    .option('--json', 'print the summary as JSON')
    .addHelpText(
      'after',
      '\nThe maps of `random` and `smoothgrad` depend on their seed and the position of the input in the file. All files appear together, ' +
        'at the end.\nExample: heatproof maps --model deep.safetensors --input X.npy --methods sa,dtd --out maps',
    )
    .action(async (options: MapsOptions) => {
      const report = await interruptible((signal) => explainFile(options, signal))
      console.log(options.json ? JSON.stringify(report, null, 2) : printReport(report))
    })
}

async function explainFile(options: MapsOptions, signal: AbortSignal): Promise<MapsReport> {
  const { methods, target, backend, json } = options
  const folder = resolve(options.out)
  const weights = await readInputFile(options.model, 'the model, a .safetensors file')
  const model = readAnyModel(weights, options.model)
  const { rows, columns, channels = 1 } = model
  const inputs = await openModelInputs(
    options.input,
    { rows, columns, channels, use: `the model ${model.name}` },
    BATCH,
  )
  const progress = new ProgressLine()
  try {
    const targets = await readTargets(target, inputs.count, model.classes)
    const files = [...methods.map(mapsFile), LOGITS_FILE]
    const startedAt = Date.now()
    const timeLeft = new TimeLeft(startedAt)
    const show = (done: number) => {
      const total = inputs.count
      const secondsLeft = timeLeft.estimate({ done, total }, Date.now())
      if (!json) progress.show({ done, total, unit: 'inputs', secondsLeft, detail: '' })
    }
    show(0)
    const task = { model, weights, inputs, methods, targets, backend, signal, onProgress: show }
    const summary = await writeTogether(
      { folder, names: files, force: options.force ?? false },
      (temporary) => computeMaps(task, temporary),
    )
    const seconds = (Date.now() - startedAt) / 1000
    return { model: model.name, inputs: inputs.count, target, ...summary, folder, files, seconds }
  } finally {
    progress.end()
    await inputs.close()
  }
}

function printReport({
  model,
  inputs,
  target,
  backend,
  device,
  folder,
  seconds,
  methods,
}: MapsReport): string {
  const rows = methods.map(({ file, states, largestConservationError: error }) => [
    file,
    ...[states.ok, states.no_evidence, states.warning, states.not_conserved].map(String),
    error === null ? '–' : error.toExponential(1),
  ])
  return [
    `${inputs} inputs explained by ${model} in ${seconds.toFixed(1)} s on ${device} (${backend}); class: ${target}`,
    '',
    printTable(['file', 'ok', 'no evidence', 'warning', 'not conserved', 'largest conservation error'], rows),
    '',
    `Written to ${folder}, with ${LOGITS_FILE}.`,
  ].join('\n')
}
