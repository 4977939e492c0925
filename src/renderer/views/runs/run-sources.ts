import type { Output } from '../../../shared/contract/contract.ts'
import type { InputSize, ModelSummary } from '../../../shared/contract/runs.ts'
import {
  DATASETS,
  DATASET_NAMES,
  DEFAULT_DATASET,
  itemsOfDataset,
  type DatasetName,
} from '../../../shared/names.ts'
import { plural } from '../../../shared/units.ts'

export type RunInputs = Output<'runs.inputs'>

/** What a run can explain: sequences that are drawn from a data set, or the samples of a set that somebody brought. */
export type RunSource =
  | { kind: 'drawn'; value: string; label: string; dataset: DatasetName }
  | { kind: 'set'; value: string; label: string; set: RunInputs['sets'][number] }

/** Rows of a sequence, and columns of each of its items. */
const SIDE = 28

/** Imported sets first: there are few, and whoever brought one means it. */
export function runSources(sets: RunInputs['sets']): RunSource[] {
  return [
    ...sets.map((set): RunSource => ({ kind: 'set', value: `set:${set.id}`, label: setTitle(set), set })),
    ...DATASET_NAMES.map((dataset): RunSource => ({
      kind: 'drawn',
      value: dataset,
      label: DATASETS[dataset],
      dataset,
    })),
  ]
}

function setTitle({ name, count, ...size }: RunInputs['sets'][number]): string {
  return `${name}: ${plural(count, 'imported image')} of ${printSize(size)}`
}

/** e.g. `64 × 48`, or `32 × 32, 3 channels`. */
export function printSize({ rows, columns, channels }: InputSize): string {
  return `${rows} × ${columns}${channels === 1 ? '' : `, ${plural(channels, 'channel')}`}`
}

/** The models that read what a source holds; of a data set those that know its classes, or do not say which they know. */
export function modelsFor(
  source: RunSource,
  models: readonly ModelSummary[],
  inputs: RunInputs['models'],
): ModelSummary[] {
  if (source.kind === 'set') return models.filter(({ id }) => reads(id, source.set, inputs))
  const size = { rows: SIDE, columns: SIDE * itemsOfDataset(source.dataset), channels: 1 }
  return models.filter(
    ({ id, dataset }) => dataset === source.dataset || (dataset === '' && reads(id, size, inputs)),
  )
}

function reads(id: number, size: InputSize, inputs: RunInputs['models']): boolean {
  return inputs.some(
    (input) =>
      input.id === id &&
      input.rows === size.rows &&
      input.columns === size.columns &&
      input.channels === size.channels,
  )
}

export interface DamagedModel {
  model: ModelSummary
  reason: string
}

/** The damaged models that might read what a source holds: what they read is in the weights. */
export function damagedFor(
  source: RunSource,
  models: readonly ModelSummary[],
  damaged: RunInputs['damaged'],
): DamagedModel[] {
  return models.flatMap((model) => {
    const { reason } = damaged.find(({ id }) => id === model.id) ?? {}
    const may = source.kind === 'set' || model.dataset === '' || model.dataset === source.dataset
    return reason !== undefined && may ? [{ model, reason }] : []
  })
}

/** The models that a run of a source begins with: of a data set only those that know its classes. */
export function modelsToBeginWith(source: RunSource, offered: readonly ModelSummary[]): number[] {
  return offered
    .filter(({ dataset }) => source.kind === 'set' || dataset === source.dataset)
    .map(({ id }) => id)
}

/** What the dialog begins with: the data set of the wanted model, else the first source that a wanted or any model reads. */
export function sourceToBeginWith(
  sources: readonly RunSource[],
  wanted: readonly ModelSummary[],
  inputs: RunInputs['models'],
): RunSource | undefined {
  const [first] = wanted
  return (
    sources.find((source) => source.kind === 'drawn' && source.dataset === first?.dataset) ??
    sources.find((source) => modelsFor(source, wanted, inputs).length > 0) ??
    sources.find((source) => source.value === DEFAULT_DATASET)
  )
}
