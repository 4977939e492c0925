import type { Database } from 'better-sqlite3'
import { architectureKey, type Explained } from '../../shared/names.ts'
import type { MapFacts } from '../workspace/map-scans.ts'
import { labelsOf, listModels } from '../workspace/models.ts'
import { listSampleSets } from '../workspace/samples.ts'
import { emptyColumn, extendColumn, type CodedColumn } from './coded-column.ts'
import { explainedOf } from './explained.ts'

/** The columns that a filter compares with lists of values, and those that pair maps. */
export interface FactColumns {
  dataset: CodedColumn<string>
  sampleSet: CodedColumn<number>
  /** See {@link architectureKey}. */
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

/** The columns with the facts of more maps at their end. */
export function extendFacts(database: Database, facts: FactColumns, added: readonly MapFacts[]): FactColumns {
  const models = new Map(listModels(database).map((model) => [model.id, model]))
  const sets = new Map(listSampleSets(database).map((set) => [set.id, set]))
  const architectures = new Map(
    [...models].map(([id, model]) => [id, architectureKey({ ...model, labels: labelsOf(model) })]),
  )
  const extend = <Value extends string | number | boolean>(
    column: CodedColumn<Value>,
    valueOf: (row: MapFacts) => Value,
  ) => extendColumn(column, added.map(valueOf))
  return {
    dataset: extend(facts.dataset, ([, , , setId]) => sets.get(setId)?.dataset ?? ''),
    sampleSet: extend(facts.sampleSet, ([, , , setId]) => setId),
    architecture: extend(facts.architecture, ([, , modelId]) => architectures.get(modelId) ?? ''),
    model: extend(facts.model, ([, , modelId]) => modelId),
    method: extend(facts.method, ([, , , , method]) => method),
    fold: extend(facts.fold, ([, , modelId]) => models.get(modelId)?.fold ?? 0),
    label: extend(facts.label, ([, , , , , , label]) => label),
    correct: extend(facts.correct, ([, , , , , , label, predicted]) => label === predicted),
    explained: extend(facts.explained, ([, , , , , , label, predicted, target]) =>
      explainedOf({ target, label, predicted }),
    ),
    target: extend(facts.target, ([, , , , , , , , target]) => target),
    mapState: extend(facts.mapState, ([, , , , , state]) => state),
    predicted: extend(facts.predicted, (row) => row[7] ?? -1),
  }
}
