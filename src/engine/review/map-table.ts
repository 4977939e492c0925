import type { Database } from 'better-sqlite3'
import { METRICS, PIXEL_METRICS, type FailureMode, type MetricName } from '../../shared/names.ts'
import { hasTau, METRICS_WITHOUT_TAU } from '../metrics/score.ts'
import { float64FromBlob } from '../workspace/blobs.ts'
import { activeCalibration } from '../workspace/calibrations.ts'
import {
  allMapShareBytes,
  allPixelScoreBytes,
  countMapsAfter,
  eachMapFacts,
  eachMapValues,
  latestVerdictFacts,
  marksBySample,
  verdictFactsAfter,
  type VerdictFacts,
} from '../workspace/map-scans.ts'
import { scoresRevision } from '../workspace/scores.ts'
import { lastVerdictId } from '../workspace/verdicts.ts'
import { emptyFacts, extendFacts, type FactColumns } from './fact-columns.ts'
import { extendReviewer, modeBits, verdictCode, type ReviewerColumn } from './reviewer-columns.ts'
import { lookUpIn, type LookUp } from './search.ts'
import { emptyShares, extendShares, fillCapped, type ShareColumns } from './share-columns.ts'

/** One row a map, by ascending map id. */
export interface MapColumns {
  count: number
  mapIds: Uint32Array
  sampleIds: Uint32Array
  facts: FactColumns
  /** NaN where the metric is undefined. */
  values: Record<MetricName, Float64Array>
  reviewers: ReviewerColumn[]
  lookUp: LookUp
}

/**
 * What filters, facets and queues look at, of every map of a workspace, in memory: 100,000 maps take 15 MB and are filtered
 * and counted in milliseconds, which is more than ten times faster than SQL does it.
 *
 * Maps and verdicts are append-only and replaced scores have a revision, so comparing a few numbers with the file tells what
 * is new, and only that is read. Values that depend on tau are computed here, from the shares and the active calibration.
 */
export class MapTable {
  readonly #database: Database
  #columns: MapColumns
  #shares: ShareColumns = emptyShares()
  #lastVerdict = 0
  #revision = 0
  #tau = NaN

  constructor(database: Database) {
    this.#database = database
    this.#columns = emptyColumns(lookUpIn(database))
  }

  /** The columns as the workspace is now. They are replaced or filled in place by the next call: do not keep them. */
  current(): MapColumns {
    const { tau } = activeCalibration(this.#database)
    this.#addMaps()
    this.#replaceScores()
    if (tau !== this.#tau) this.#score(tau, 0)
    this.#addVerdicts()
    return this.#columns
  }

  #addMaps(): void {
    const last = this.#columns.mapIds.at(-1) ?? 0
    if (countMapsAfter(this.#database, last) === 0) return
    if (last === 0) this.#revision = scoresRevision(this.#database)
    const facts = [...eachMapFacts(this.#database, last)]
    const before = this.#columns.count
    const count = before + facts.length
    this.#columns = {
      count,
      mapIds: concat(this.#columns.mapIds, facts, ([id]) => id),
      sampleIds: concat(this.#columns.sampleIds, facts, ([, sampleId]) => sampleId),
      facts: extendFacts(this.#database, this.#columns.facts, facts),
      values: lengthen(this.#columns.values, count),
      reviewers: this.#columns.reviewers.map((reviewer) => extendReviewer(reviewer, count)),
      lookUp: this.#columns.lookUp,
    }
    this.#readScores(before)
  }

  #replaceScores(): void {
    const revision = scoresRevision(this.#database)
    if (revision === this.#revision) return
    this.#revision = revision
    this.#readScores(0)
  }

  /** Reads shares and stored scores of the rows from `first` on. */
  #readScores(first: number): void {
    const { mapIds, values } = this.#columns
    const after = first === 0 ? 0 : (mapIds[first - 1] ?? 0)
    const marks = marksBySample(this.#database, after)
    this.#shares = extendShares(
      first === 0 ? emptyShares() : this.#shares,
      allMapShareBytes(this.#database, after),
      (sampleId) => marks.get(sampleId) ?? [],
    )
    const columns = METRICS_WITHOUT_TAU.map((metric) => values[metric])
    let row = first
    for (const scores of eachMapValues(this.#database, after)) {
      while ((mapIds[row] ?? Infinity) < scores[0]) row += 1
      columns.forEach((column, index) => (column[row] = scores[index + 1] ?? NaN))
    }
    this.#readPixelScores(first, after)
    this.#score(this.#tau, first)
  }

  #readPixelScores(first: number, after: number): void {
    const columns = PIXEL_METRICS.map((metric) => this.#columns.values[metric])
    allPixelScoreBytes(this.#database, after).forEach((bytes, index) => {
      const scores = bytes === null ? null : float64FromBlob(bytes)
      columns.forEach((column, place) => (column[first + index] = scores?.[place] ?? NaN))
    })
  }

  /** Computes what depends on tau, of the rows from `first` on. */
  #score(tau: number, first: number): void {
    this.#tau = tau
    for (const metric of METRICS.filter(hasTau)) {
      fillCapped(this.#columns.values[metric], this.#shares, { metric, tau, first })
    }
  }

  #addVerdicts(): void {
    const last = lastVerdictId(this.#database)
    if (last === this.#lastVerdict) return
    const added =
      this.#lastVerdict === 0
        ? latestVerdictFacts(this.#database)
        : verdictFactsAfter(this.#database, this.#lastVerdict)
    for (const verdict of added) this.#apply(verdict)
    this.#lastVerdict = last
  }

  #apply([mapId, reviewer, verdict, modes]: VerdictFacts): void {
    const row = rowOfMap(this.#columns, mapId)
    const column =
      this.#columns.reviewers.find((known) => known.reviewer === reviewer) ?? this.#addReviewer(reviewer)
    column.verdicts[row] = verdictCode(verdict)
    column.modes[row] = modeBits(JSON.parse(modes) as FailureMode[])
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

/** Gives a map's value of the metric, null where it is undefined. */
export function valuesOf(columns: MapColumns, metric: MetricName): (mapId: number) => number | null {
  return (mapId) => {
    const value = columns.values[metric][rowOfMap(columns, mapId)] ?? NaN
    return Number.isNaN(value) ? null : value
  }
}

function emptyColumns(lookUp: LookUp): MapColumns {
  return {
    count: 0,
    mapIds: new Uint32Array(),
    sampleIds: new Uint32Array(),
    facts: emptyFacts(),
    values: byMetric(() => new Float64Array()),
    reviewers: [],
    lookUp,
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
    mass_accuracy: make('mass_accuracy'),
    mass_accuracy_signed: make('mass_accuracy_signed'),
    rank_accuracy: make('rank_accuracy'),
    pointing_game: make('pointing_game'),
    stroke_auc: make('stroke_auc'),
    gini: make('gini'),
    entropy: make('entropy'),
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
