import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { loadDataset, officialSplit, type Dataset } from '../../src/engine/data/datasets.ts'
import { CLASSES, ITEM_SIDE } from '../../src/engine/data/labelled-images.ts'
import { planSequences } from '../../src/engine/data/majority-sequences.ts'
import { renderSequences } from '../../src/engine/data/sequence-images.ts'
import type { LabelledSequences } from '../../src/engine/models/evaluate.ts'
import { writeModel } from '../../src/engine/models/model.ts'
import {
  accuracyOf,
  train,
  type ModelPlan,
  type TrainingOptions,
  type TrainingProgress,
} from '../../src/engine/models/training.ts'
import { FOLDS, type BackendName } from '../../src/shared/names.ts'
import { cardOf } from './card.ts'
import { nameOf, type ResourceRow } from './rows.ts'

const ITEMS = 3

/** What a model is trained with beside its row. */
export interface Recipe extends TrainingOptions {
  backend: BackendName
}

export interface TrainedResource {
  testAccuracy: number
  validationAccuracy: number
}

/**
 * Trains a model, measures it on the whole test split, and writes FILE and its card, each in one move. Goes on from
 * FILE.checkpoint if that is there; the checkpoint is written at the end of every epoch and when `signal` stops it.
 */
export async function trainResource(
  row: ResourceRow,
  recipe: Recipe,
  { file, signal, report }: { file: string; signal: AbortSignal; report: (line: string) => void },
): Promise<TrainedResource> {
  const dataset = loadDataset(row.dataset)
  const sequences = (split: Split) => sequencesOf(dataset, row, split, recipe.seed)
  const [training, validation, test] = [
    await sequences('train'),
    await sequences('validation'),
    await sequences('test'),
  ]
  const checkpointFile = `${file}.checkpoint`
  const started = performance.now()
  const plan = planOf(row, recipe)
  const model = await train({
    plan,
    sequences: training,
    validation,
    options: recipe,
    signal,
    ...(existsSync(checkpointFile) && { resumeFrom: readFileSync(checkpointFile) }),
    onCheckpoint: (bytes) => {
      writeWhole(checkpointFile, bytes)
    },
    onProgress: (progress) => {
      if (progress.validationAccuracy !== undefined) report(progressLine(progress))
    },
  })
  const seconds = Math.round((performance.now() - started) / 1000)
  const testAccuracy = await accuracyOf(model, test)
  const validationAccuracy = await accuracyOf(model, validation)
  const bytes = writeModel({ ...model, metadata: { ...model.metadata, accuracy: testAccuracy.toFixed(4) } })
  const card = cardOf({
    row,
    trained: plan.metadata['trained'] ?? '',
    seed: recipe.seed,
    accuracies: { test: [testAccuracy, test.count], validation: [validationAccuracy, validation.count] },
    trainingSequences: training.count,
    time: `${seconds} s on the backend ${recipe.backend}, ${availableParallelism()} cores`,
    weights: bytes,
    sources: [...(await dataset.train()).files, ...(await dataset.test()).files],
  })
  writeWhole(file, bytes)
  writeWhole(cardFile(file), Buffer.from(card))
  rmSync(checkpointFile, { force: true })
  return { testAccuracy, validationAccuracy }
}

export function cardFile(file: string): string {
  return file.replace(/\.safetensors$/, '.md')
}

type Split = 'train' | 'validation' | 'test'

function planOf(row: ResourceRow, recipe: Recipe): ModelPlan {
  const { epochs, learningRate, finalLearningRate, batchSize, keep, seed } = recipe
  return {
    name: nameOf(row),
    architecture: row.architecture,
    stationaryDropout: row.stationaryDropout,
    rows: ITEM_SIDE,
    columns: ITEM_SIDE * ITEMS,
    steps: row.steps,
    classes: CLASSES,
    items: ITEMS,
    metadata: {
      dataset: row.dataset,
      fold: String(row.fold),
      input_scaling: '2 v / 255 - 1',
      bias: '-softplus(raw); gates: plain',
      seed: String(seed),
      trained: `${epochs} epochs, Adam ${learningRate} to ${finalLearningRate} by a cosine, batch ${batchSize}, dropout keep ${keep}`,
    },
  }
}

async function sequencesOf(
  data: Dataset,
  { dataset, fold }: ResourceRow,
  split: Split,
  seed: number,
): Promise<LabelledSequences> {
  const { images, labels } = await data[officialSplit(split)]()
  const planned = planSequences({ labels, dataset, split, fold, folds: FOLDS, seed, items: ITEMS })
  return {
    count: planned.count,
    labels: planned.labels,
    render: (indices) => renderSequences(planned, images, indices),
  }
}

function progressLine({ epoch, epochs, loss, validationAccuracy, secondsLeft }: TrainingProgress): string {
  const accuracy = `validation accuracy ${validationAccuracy?.toFixed(4) ?? ''}`
  return `epoch ${epoch} of ${epochs}: loss ${loss.toFixed(4)}, ${accuracy}, ${Math.round(secondsLeft)} s left`
}

/** Writes a file so that it is never seen half-written. */
function writeWhole(path: string, bytes: Uint8Array): void {
  writeFileSync(`${path}.part`, bytes)
  renameSync(`${path}.part`, path)
}
