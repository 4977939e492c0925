import type { Database } from 'better-sqlite3'
import { modelKey, type Explained } from '../../shared/names.ts'
import type { MapFacts } from '../workspace/map-scans.ts'
import { labelsOf, listModels } from '../workspace/models.ts'
import { listSampleSets } from '../workspace/samples.ts'
import { columnWithRoom, emptyColumn, writerOf, type CodedColumn } from './coded-column.ts'
import { explainedOf } from './explained.ts'

/** The columns that a filter compares with lists of values, and those that pair maps. */
export interface FactColumns {
  dataset: CodedColumn<string>
  sampleSet: CodedColumn<number>
  /** See {@link modelKey}. */
  architecture: CodedColumn<string>
  model: CodedColumn<number>
  method: CodedColumn<string>
  /** Fold of the model. */
  fold: CodedColumn<number>
  label: CodedColumn<number>
  correct: CodedColumn<boolean>
  explained: CodedColumn<Explained>
  /** The explained class. */
  target: CodedColumn<number>
  mapState: CodedColumn<string>
  /** The class that the model predicts, -1 where it was never asked. */
  predicted: CodedColumn<number>
}

export function emptyFacts(): FactColumns {
  return {
    dataset: emptyColumn(),
    sampleSet: emptyColumn(),
    architecture: emptyColumn(),
    model: emptyColumn(),
    method: emptyColumn(),
    fold: emptyColumn(),
    label: emptyColumn(),
    correct: emptyColumn(),
    explained: emptyColumn(),
    target: emptyColumn(),
    mapState: emptyColumn(),
    predicted: emptyColumn(),
  }
}

/** The columns with room for `count` maps. */
export function factsWithRoom(facts: FactColumns, count: number): FactColumns {
  return {
    dataset: columnWithRoom(facts.dataset, count),
    sampleSet: columnWithRoom(facts.sampleSet, count),
    architecture: columnWithRoom(facts.architecture, count),
    model: columnWithRoom(facts.model, count),
    method: columnWithRoom(facts.method, count),
    fold: columnWithRoom(facts.fold, count),
    label: columnWithRoom(facts.label, count),
    correct: columnWithRoom(facts.correct, count),
    explained: columnWithRoom(facts.explained, count),
    target: columnWithRoom(facts.target, count),
    mapState: columnWithRoom(facts.mapState, count),
    predicted: columnWithRoom(facts.predicted, count),
  }
}

/** Writes the facts of maps into the rows from `first` on. */
export function writeFacts(
  database: Database,
  facts: FactColumns,
  first: number,
  maps: readonly MapFacts[],
): void {
  const models = new Map(listModels(database).map((model) => [model.id, model]))
  const sets = new Map(listSampleSets(database).map((set) => [set.id, set]))
  const architectures = new Map(
    [...models].map(([id, model]) => [id, modelKey({ ...model, labels: labelsOf(model) })]),
  )
  const write = <Value extends string | number | boolean>(
    column: CodedColumn<Value>,
    valueOf: (map: MapFacts) => Value,
  ) => {
    const writeRow = writerOf(column)
    maps.forEach((map, index) => writeRow(first + index, valueOf(map)))
  }
  write(facts.dataset, ({ sampleSetId }) => sets.get(sampleSetId)?.dataset ?? '')
  write(facts.sampleSet, ({ sampleSetId }) => sampleSetId)
  write(facts.architecture, ({ modelId }) => architectures.get(modelId) ?? '')
  write(facts.model, ({ modelId }) => modelId)
  write(facts.method, ({ method }) => method)
  write(facts.fold, ({ modelId }) => models.get(modelId)?.fold ?? 0)
  write(facts.label, ({ label }) => label)
  write(facts.correct, ({ label, predicted }) => label === predicted)
  write(facts.explained, explainedOf)
  write(facts.target, ({ target }) => target)
  write(facts.mapState, ({ state }) => state)
  write(facts.predicted, ({ predicted }) => predicted ?? -1)
}
