import { Command } from 'commander'
import { TimeLeft } from '../../engine/jobs/progress.ts'
import { readAnyModel } from '../../engine/graph/any-model.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { STANDARD_METHODS } from '../../shared/methods.ts'
import type { BackendName } from '../../shared/names.ts'
import { checkMethods, type CheckResult, type MethodCheck } from '../command-support/check-methods.ts'
import { BATCH } from '../command-support/compute-maps.ts'
import { interruptible } from '../command-support/interrupt.ts'
import { methodIds, METHODS_HELP } from '../command-support/method-ids.ts'
import { openModelInputs } from '../command-support/model-inputs.ts'
import { ProgressLine } from '../command-support/progress-line.ts'
import { readInputFile } from '../command-support/read-input-file.ts'
import { printTable } from '../command-support/table.ts'
import { readTargets } from '../command-support/targets.ts'
import { backendOption } from '../options.ts'

interface CheckOptions {
  model: string
  input: string
  methods: string
  target: string
  backend: BackendName | 'auto'
  json?: true
}

interface CheckReport extends CheckResult {
  model: string
  inputs: number
  target: string
  seconds: number
  /** Whether everything holds that the methods promise. */
  holds: boolean
}

const DEFAULT_METHODS = [...STANDARD_METHODS, 'lrp_eps', 'ig'].join(',')

/** `heatproof check`: whether the explainers keep their promises for a model in a file. Needs no workspace. */
export function checkCommand(): Command {
  return new Command('check')
    .description(
      'check a model’s explanations: conservation in total and at every node, completeness, signs; needs no workspace',
    )
    .requiredOption('--model <file>', 'the model, a .safetensors file')
    .requiredOption('--input <file>', 'the inputs, a .npy file of float32 in [-1, 1], [N, rows, columns]')
    .option('--methods <list>', METHODS_HELP, DEFAULT_METHODS)
    .option(
      '--target <what>',
      'class that is explained: a number, a file of labels (.npy, or text with one a line), or predicted',
      'predicted',
    )
    .addOption(backendOption())
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      '\nErrors are relative to the explained logit; for ig to the absolute sum of the map. Unfloored rules (:plain) promise no ' +
        'conservation.\nExits with 1 when something does not hold.' +
        '\nExample: heatproof check --model deep.safetensors --input X.npy --methods dtd,lrp_eps:0.1',
    )
    .action(async (options: CheckOptions) => {
      const report = await interruptible((signal) => checkFile(options, signal))
      console.log(options.json ? JSON.stringify(report, null, 2) : printReport(report))
      requireHolding(report)
    })
}

async function checkFile(options: CheckOptions, signal: AbortSignal): Promise<CheckReport> {
  const { target, backend, json } = options
  const methods = methodIds(options.methods)
  const weights = await readInputFile(options.model, 'the model, a .safetensors file')
  const model = readAnyModel(weights, options.model)
  const inputs = await openModelInputs(
    options.input,
    { ...model, channels: model.channels ?? 1, use: `the model ${model.name}` },
    BATCH,
  )
  const progress = new ProgressLine()
  try {
    const targets = await readTargets(target, inputs.count, model.classes)
    const startedAt = Date.now()
    const timeLeft = new TimeLeft(startedAt)
    const total = inputs.count
    const onProgress = (done: number) => {
      const secondsLeft = timeLeft.estimate({ done, total }, Date.now())
      if (!json) progress.show({ done, total, unit: 'inputs', secondsLeft, detail: '' })
    }
    onProgress(0)
    const result = await checkMethods({
      model,
      weights,
      inputs,
      methods,
      targets,
      backend,
      signal,
      onProgress,
    })
    const holds = result.methods.every(({ problems }) => problems.length === 0)
    const seconds = (Date.now() - startedAt) / 1000
    return { model: model.name, inputs: total, target, seconds, holds, ...result }
  } finally {
    progress.end()
    await inputs.close()
  }
}

const TITLES = ['method', 'ok', 'no evidence', 'warning', 'not conserved', 'out of range', 'largest error']

function printReport(report: CheckReport): string {
  const { model, inputs, target, seconds, device, backend, methods, holds } = report
  const rows = methods.map(({ method, states, outOfRange, sumError }) => [
    method,
    ...[states.ok, states.no_evidence, states.warning, states.not_conserved, outOfRange].map(String),
    sumError === null ? '–' : sumError.value.toExponential(1),
  ])
  return [
    `${inputs} inputs checked on ${model} in ${seconds.toFixed(1)} s on ${device} (${backend}); class: ${target}`,
    '',
    printTable(TITLES, rows),
    '',
    ...methods.flatMap(notesOf),
    holds ? 'All holds.' : 'Something does not hold: see above.',
  ].join('\n')
}

function notesOf({ method, kept, worstNode, problems }: MethodCheck): string[] {
  const percent = (part: number) => `${(100 * part).toFixed(1)} %`
  return [
    ...(kept === null
      ? []
      : [
          `${method}: epsilon kept ${percent(kept.epsilon)} and the biases ${percent(kept.bias)} of the logit`,
        ]),
    ...(worstNode === null
      ? []
      : [
          `${method}: worst node ${worstNode.name}, ${worstNode.value.toExponential(1)}, input ${worstNode.input}`,
        ]),
    ...problems.map((problem) => `${method}: WRONG: ${problem}`),
  ]
}

function requireHolding({ methods }: CheckReport): void {
  const wrong = methods.filter(({ problems }) => problems.length > 0)
  const [first] = wrong
  if (first === undefined) return
  throw new HeatproofError('verification_failed', {
    found: `${wrong.map(({ method }) => method).join(', ')}: ${first.problems[0] ?? ''}`,
    expected: 'every promise of the methods to hold',
    advice: 'Do not rely on these maps; try another backend, and for ig more steps.',
  })
}
