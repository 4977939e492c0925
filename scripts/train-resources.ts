import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { useBackend } from '../src/engine/compute/backend.ts'
import { loadDataset, officialSplit, type Dataset } from '../src/engine/data/datasets.ts'
import { CLASSES, ITEM_SIDE } from '../src/engine/data/labelled-images.ts'
import { planSequences } from '../src/engine/data/majority-sequences.ts'
import { renderSequences } from '../src/engine/data/sequence-images.ts'
import { evaluate, type LabelledSequences } from '../src/engine/models/evaluate.ts'
import { writeModel, type Model } from '../src/engine/models/model.ts'
import { prepareModel } from '../src/engine/models/prepared-model.ts'
import { train, type ModelPlan, type TrainingOptions } from '../src/engine/models/training.ts'
import { ARCHITECTURE_NAMES, BACKENDS, DATASET_NAMES, FOLDS, printModelName } from '../src/shared/names.ts'

const ITEMS = 3
const USAGE = `Trains a model for resources/models and writes its card beside it; goes on from FILE.checkpoint if it is there.
  node scripts/train-resources.ts --architecture deep --out FILE.safetensors
    [--stationary-dropout] [--dataset mnist-3-digits-maj] [--steps 12] [--fold 1] [--epochs 14]
    [--learning-rate 1e-3] [--final-learning-rate 5e-5] [--seed 1] [--backend auto]`

const { values } = parseArgs({
  options: {
    architecture: { type: 'string', default: 'deep' },
    'stationary-dropout': { type: 'boolean', default: false },
    dataset: { type: 'string', default: 'mnist-3-digits-maj' },
    steps: { type: 'string', default: '12' },
    fold: { type: 'string', default: '1' },
    epochs: { type: 'string', default: '14' },
    'learning-rate': { type: 'string', default: '1e-3' },
    'final-learning-rate': { type: 'string', default: '5e-5' },
    seed: { type: 'string', default: '1' },
    backend: { type: 'string', default: 'auto' },
    out: { type: 'string' },
  },
})
const architecture = oneOf(ARCHITECTURE_NAMES, values.architecture)
const datasetName = oneOf(DATASET_NAMES, values.dataset)
const backend = await useBackend(oneOf([...BACKENDS, 'auto'] as const, values.backend))
const stationaryDropout = values['stationary-dropout']
const [steps, fold, seed] = [Number(values.steps), Number(values.fold), Number(values.seed)]
const options: TrainingOptions = {
  epochs: Number(values.epochs),
  batchSize: 50,
  learningRate: Number(values['learning-rate']),
  finalLearningRate: Number(values['final-learning-rate']),
  keep: 0.8,
  seed,
}
const name = printModelName({ architecture, stationaryDropout, dataset: datasetName, steps, fold })
const out = values.out ?? `resources/models/${name}.safetensors`
const checkpointFile = `${out}.checkpoint`

const dataset = loadDataset(datasetName)
const training = await sequencesOf(dataset, 'train')
const validation = await sequencesOf(dataset, 'validation')
const plan: ModelPlan = {
  name,
  architecture,
  stationaryDropout,
  rows: ITEM_SIDE,
  columns: ITEM_SIDE * ITEMS,
  steps,
  classes: CLASSES,
  items: ITEMS,
  metadata: {
    dataset: datasetName,
    fold: String(fold),
    input_scaling: '2 v / 255 - 1',
    bias: '-softplus(raw); gates: plain',
    seed: String(seed),
    trained: `${options.epochs} epochs, Adam ${options.learningRate} to ${options.finalLearningRate} by a cosine, batch ${options.batchSize}, dropout keep ${options.keep}`,
  },
}

mkdirSync(dirname(out), { recursive: true })
const started = performance.now()
const model = await train({
  plan,
  sequences: training,
  validation,
  options,
  ...(existsSync(checkpointFile) && { resumeFrom: readFileSync(checkpointFile) }),
  onCheckpoint: (bytes) => writeWhole(checkpointFile, bytes),
  onProgress: ({ epoch, epochs, step, totalSteps, loss, validationAccuracy, secondsLeft }) => {
    if (validationAccuracy === undefined) return
    const accuracy = `validation accuracy ${validationAccuracy.toFixed(4)}`
    const left = `${Math.round(secondsLeft)} s left`
    console.log(
      `epoch ${epoch} of ${epochs}, step ${step} of ${totalSteps}: loss ${loss.toFixed(4)}, ${accuracy}, ${left}`,
    )
  },
})
const seconds = Math.round((performance.now() - started) / 1000)
const test = await sequencesOf(dataset, 'test')
const testAccuracy = await accuracyOf(model, test)
console.log(`test accuracy ${testAccuracy}`)
const bytes = writeModel({ ...model, metadata: { ...model.metadata, accuracy: testAccuracy.toFixed(4) } })
writeWhole(out, bytes)
writeWhole(out.replace(/\.safetensors$/, '.md'), Buffer.from(await cardOf(model, bytes, seconds)))
rmSync(checkpointFile, { force: true })

async function sequencesOf(
  data: Dataset,
  split: 'train' | 'validation' | 'test',
): Promise<LabelledSequences> {
  const { images, labels } = await data[officialSplit(split)]()
  const planned = planSequences({
    labels,
    dataset: datasetName,
    split,
    fold,
    folds: FOLDS,
    seed,
    items: ITEMS,
  })
  return {
    count: planned.count,
    labels: planned.labels,
    render: (indices) => renderSequences(planned, images, indices),
  }
}

async function accuracyOf(trained: Model, sequences: LabelledSequences): Promise<number> {
  const prepared = prepareModel(trained)
  try {
    return await evaluate(prepared, sequences)
  } finally {
    prepared.dispose()
  }
}

async function cardOf(trained: Model, file: Uint8Array, duration: number): Promise<string> {
  const validationAccuracy = await accuracyOf(trained, validation)
  const splits = [await dataset.train(), await dataset.test()]
  const hashes = splits.flatMap(({ files }) => files.map((source) => `- \`${source.name}\` ${source.sha256}`))
  return `# ${name}

| | |
|---|---|
| Accuracy, test split (${test.count} sequences) | ${testAccuracy} |
| Accuracy, validation (${validation.count} sequences) | ${validationAccuracy} |
| Architecture | ${architecture}${stationaryDropout ? ', stationary dropout' : ''} |
| Data set | ${datasetName}, ${ITEMS} items, fold ${fold} of ${FOLDS}, ${training.count} training sequences |
| Steps T | ${steps} |
| Training | ${plan.metadata['trained'] ?? ''} |
| Seed of data, weights, order and dropout | ${seed} |
| Time | ${duration} s on the backend ${backend}, ${availableParallelism()} cores |
| SHA-256 of the weights | \`${createHash('sha256').update(file).digest('hex')}\` |

Made by

\`\`\`
node scripts/train-resources.ts ${process.argv.slice(2).join(' ')}
\`\`\`

from the files (SHA-256)

${hashes.join('\n')}
`
}

/** Writes a file so that it is never seen half-written. */
function writeWhole(path: string, bytes: Uint8Array): void {
  writeFileSync(`${path}.part`, bytes)
  renameSync(`${path}.part`, path)
}

function oneOf<Name extends string>(names: readonly Name[], text: string): Name {
  const known = names.find((candidate) => candidate === text)
  if (known !== undefined) return known
  console.error(`Found '${text}'; expected one of ${names.join(', ')}.\n${USAGE}`)
  process.exit(2)
}
