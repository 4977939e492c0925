import type { Database } from 'better-sqlite3'
import type { VerdictRow } from '../../shared/contract/review.ts'
import { METRICS, type MetricName } from '../../shared/names.ts'
import { countMapsAfter, eachMapFacts, eachMapValues, type MapFacts } from '../workspace/map-scans.ts'
import { listModels } from '../workspace/models.ts'
import { listSampleSets } from '../workspace/samples.ts'
import { scoresRevision } from '../workspace/scores.ts'
import { listLatestVerdicts, listVerdictsAfter } from '../workspace/verdicts.ts'
import { emptyColumn, extendColumn, type CodedColumn } from './coded-column.ts'
import { extendReviewer, modeBits, verdictCode, type ReviewerColumn } from './reviewer-columns.ts'

/** The columns that a filter compares with lists of values. */
export interface FactColumns {
  dataset: CodedColumn<string>
  sampleSet: CodedColumn<number>
  /** `rlstm`; `rlstm-SD` with stationary dropout. */
  architecture: CodedColumn<string>
  model: CodedColumn<number>
  method: CodedColumn<string>
  /** Fold of the model. */
  fold: CodedColumn<number>
  label: CodedColumn<number>
  correct: CodedColumn<boolean>
  mapState: CodedColumn<string>
}

/** One row a map, by ascending map id. */
export interface MapColumns {
  count: number
  mapIds: Uint32Array
  sampleIds: Uint32Array
  facts: FactColumns
  /** NaN where the metric is undefined. */
  values: Record<MetricName, Float64Array>
  reviewers: ReviewerColumn[]
}

/**
 * What filters, facets and queues look at, of every map of a workspace, in memory: 100,000 maps take 10 MB and are filtered
 * and counted in milliseconds, which is more than ten times faster than SQL does it.
 *
 * Maps and verdicts are append-only and replaced scores have a revision, so comparing three numbers with the file tells what
 * is new, and only that is read.
 */
export class MapTable {
  readonly #database: Database
  #columns: MapColumns = emptyColumns()
  #lastVerdict = 0
  #revision = 0

  constructor(database: Database) {
    this.#database = database
  }

  /** The columns as the workspace is now. They are replaced or filled in place by the next call: do not keep them. */
  current(): MapColumns {
    this.#addMaps()
    this.#replaceScores()
    this.#addVerdicts()
    return this.#columns
  }

  #addMaps(): void {
    const last = this.#columns.mapIds.at(-1) ?? 0
    const added = countMapsAfter(this.#database, last)
    if (added === 0) return
    if (last === 0) this.#revision = scoresRevision(this.#database)
    const facts = [...eachMapFacts(this.#database, last)]
    const count = this.#columns.count + facts.length
    this.#columns = {
      count,
      mapIds: concat(this.#columns.mapIds, facts, ([id]) => id),
      sampleIds: concat(this.#columns.sampleIds, facts, ([, sampleId]) => sampleId),
      facts: this.#extendFacts(facts),
      values: lengthen(this.#columns.values, count),
      reviewers: this.#columns.reviewers.map((reviewer) => extendReviewer(reviewer, count)),
    }
    this.#readScores(last)
  }

  #extendFacts(added: readonly MapFacts[]): FactColumns {
    const models = new Map(listModels(this.#database).map((model) => [model.id, model]))
    const sets = new Map(listSampleSets(this.#database).map((set) => [set.id, set]))
    const { facts } = this.#columns
    const modelOf = ([, , modelId]: MapFacts) => models.get(modelId)
    return {
      dataset: extendColumn(
        facts.dataset,
        added.map(([, , , setId]) => sets.get(setId)?.dataset ?? ''),
      ),
      sampleSet: extendColumn(
        facts.sampleSet,
        added.map(([, , , setId]) => setId),
      ),
      architecture: extendColumn(
        facts.architecture,
        added.map((row) => architectureKey(modelOf(row))),
      ),
      model: extendColumn(
        facts.model,
        added.map(([, , modelId]) => modelId),
      ),
      method: extendColumn(
        facts.method,
        added.map(([, , , , method]) => method),
      ),
      fold: extendColumn(
        facts.fold,
        added.map((row) => modelOf(row)?.fold ?? 0),
      ),
      label: extendColumn(
        facts.label,
        added.map(([, , , , , , label]) => label),
      ),
      correct: extendColumn(
        facts.correct,
        added.map(([, , , , , , label, predicted]) => label === predicted),
      ),
      mapState: extendColumn(
        facts.mapState,
        added.map(([, , , , , state]) => state),
      ),
    }
  }

  #replaceScores(): void {
    const revision = scoresRevision(this.#database)
    if (revision === this.#revision) return
    this.#revision = revision
    this.#readScores(0)
  }

  #readScores(after: number): void {
    const { mapIds, values } = this.#columns
    let row = after === 0 ? 0 : rowOfMap(this.#columns, after) + 1
    const columns = METRICS.map((metric) => values[metric])
    for (const scores of eachMapValues(this.#database, after)) {
      while ((mapIds[row] ?? Infinity) < scores[0]) row += 1
      columns.forEach((column, index) => (column[row] = scores[index + 1] ?? NaN))
    }
  }

  #addVerdicts(): void {
    const added =
      this.#lastVerdict === 0
        ? listLatestVerdicts(this.#database)
        : listVerdictsAfter(this.#database, this.#lastVerdict)
    for (const verdict of added) this.#apply(verdict)
    this.#lastVerdict = added.at(-1)?.id ?? this.#lastVerdict
  }

  #apply({ reviewer, mapId, verdict, modes }: VerdictRow): void {
    const row = rowOfMap(this.#columns, mapId)
    const column =
      this.#columns.reviewers.find((known) => known.reviewer === reviewer) ?? this.#addReviewer(reviewer)
    column.verdicts[row] = verdictCode(verdict)
    column.modes[row] = modeBits(modes)
  }

  #addReviewer(reviewer: string): ReviewerColumn {
    const { count, reviewers } = this.#columns
    const column = { reviewer, verdicts: new Uint8Array(count), modes: new Uint16Array(count) }
    reviewers.push(column)
    return column
  }
}

/** Index of a map among the columns' rows, -1 when it is not there. */
export function rowOfMap({ mapIds }: Pick<MapColumns, 'mapIds'>, mapId: number): number {
  let low = 0
  let high = mapIds.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const found = mapIds[middle] ?? 0
    if (found === mapId) return middle
    if (found < mapId) low = middle + 1
    else high = middle - 1
  }
  return -1
}

/** What the architecture facet calls a model's architecture. */
export function architectureKey(model?: { architecture: string; stationaryDropout: boolean }): string {
  return model === undefined ? '' : model.architecture + (model.stationaryDropout ? '-SD' : '')
}

function emptyColumns(): MapColumns {
  return {
    count: 0,
    mapIds: new Uint32Array(),
    sampleIds: new Uint32Array(),
    facts: {
      dataset: emptyColumn(),
      sampleSet: emptyColumn(),
      architecture: emptyColumn(),
      model: emptyColumn(),
      method: emptyColumn(),
      fold: emptyColumn(),
      label: emptyColumn(),
      correct: emptyColumn(),
      mapState: emptyColumn(),
    },
    values: byMetric(() => new Float64Array()),
    reviewers: [],
  }
}

function byMetric(make: (metric: MetricName) => Float64Array): Record<MetricName, Float64Array> {
  return {
    percentage: make('percentage'),
    capped_percentage: make('capped_percentage'),
    cosine: make('cosine'),
    dominance: make('dominance'),
    percentage_positive: make('percentage_positive'),
    capped_percentage_positive: make('capped_percentage_positive'),
    cosine_positive: make('cosine_positive'),
    dominance_positive: make('dominance_positive'),
  }
}

function lengthen(values: Record<MetricName, Float64Array>, count: number): Record<MetricName, Float64Array> {
  return byMetric((metric) => {
    const longer = new Float64Array(count).fill(NaN, values[metric].length)
    longer.set(values[metric])
    return longer
  })
}

function concat<Row>(column: Uint32Array, added: readonly Row[], valueOf: (row: Row) => number): Uint32Array {
  const longer = new Uint32Array(column.length + added.length)
  longer.set(column)
  added.forEach((row, index) => (longer[column.length + index] = valueOf(row)))
  return longer
}
