import { architectureLabel, FOLDS, itemsOfDataset, printModelName } from '../../shared/names.ts'
import type { TrainRequest } from '../../shared/contract/runs.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { loadDataset, officialSplit, type DatasetLocation } from '../data/datasets.ts'
import { CLASSES, ITEM_SIDE } from '../data/labelled-images.ts'
import { planSequences } from '../data/majority-sequences.ts'
import { permutedLabels } from '../data/permuted-labels.ts'
import { renderSequences } from '../data/sequence-images.ts'
import type { LabelledSequences } from '../models/evaluate.ts'
import type { ModelPlan, TrainingOptions } from '../models/training.ts'

/** The network that a request asks for, with the metadata of its weight file. @throws HeatproofError `bad_argument` */
export function planOfRequest(request: TrainRequest): ModelPlan {
  const { architecture, stationaryDropout, dataset, steps, fold, labels, seed, epochs } = request
  const items = itemsOfDataset(dataset)
  const columns = ITEM_SIDE * items
  if (columns % steps !== 0) {
    throw new HeatproofError('bad_argument', {
      found: `${steps} steps`,
      expected: `a number of steps that divides the ${columns} columns of a sequence`,
      advice: `Use one of ${divisorsOf(columns).join(', ')}; the reference experiments use 12 for 3 items.`,
    })
  }
  return {
    name: printModelName({ architecture, stationaryDropout, dataset, steps, fold, labels }),
    architecture,
    stationaryDropout,
    rows: ITEM_SIDE,
    columns,
    steps,
    classes: CLASSES,
    items,
    metadata: {
      dataset,
      fold: String(fold),
      seed: String(seed),
      input_scaling: '2 * v / 255 - 1',
      bias: 'effective bias of X.bias_raw is -softplus(bias_raw)',
      trained: 'yes',
      epochs: String(epochs),
      options: JSON.stringify(optionsOfRequest(request)),
      ...(labels === 'random' ? { labels } : {}),
    },
  }
}

function divisorsOf(columns: number): number[] {
  return Array.from({ length: columns }, (_, index) => index + 1).filter((steps) => columns % steps === 0)
}

export function optionsOfRequest(request: TrainRequest): TrainingOptions {
  const { epochs, batch, learningRate, finalLearningRate, dropoutKeep, seed } = request
  return { epochs, batchSize: batch, learningRate, finalLearningRate, keep: dropoutKeep, seed }
}

/** The majority sequences of one part of the request's data, drawn when they are needed. @throws what reading the data throws */
export async function sequencesOfPart(
  request: Pick<TrainRequest, 'dataset' | 'fold' | 'seed'>,
  split: 'train' | 'validation' | 'test',
  { location = {}, count }: { location?: DatasetLocation; count?: number | undefined } = {},
): Promise<LabelledSequences> {
  const { dataset, fold, seed } = request
  const source = await loadDataset(dataset, location)[officialSplit(split)]()
  const plan = planSequences({
    labels: source.labels,
    dataset,
    split,
    fold,
    folds: FOLDS,
    seed,
    items: itemsOfDataset(dataset),
    ...(count === undefined ? {} : { count }),
  })
  return {
    count: plan.count,
    labels: plan.labels,
    render: (indices) => renderSequences(plan, source.images, indices),
  }
}

/** The sequences that the request trains on, with the labels that it asks for. @throws what reading the data throws */
export async function trainingSequences(
  request: TrainRequest,
  location: DatasetLocation,
): Promise<LabelledSequences> {
  const sequences = await sequencesOfPart(request, 'train', { location, count: request.count })
  if (request.labels === 'true') return sequences
  return { ...sequences, labels: permutedLabels(sequences.labels, request.seed) }
}

/** What the job is called in lists. */
export function trainingTitle({
  architecture,
  stationaryDropout,
  dataset,
  fold,
  labels,
}: TrainRequest): string {
  const label = architectureLabel(architecture, stationaryDropout, labels)
  return `Train ${label} on ${dataset}, fold ${fold}`
}
