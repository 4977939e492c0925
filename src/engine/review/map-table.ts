import { setImmediate } from 'node:timers/promises'
import type { Database } from 'better-sqlite3'
import type { FailureMode, MetricName } from '../../shared/names.ts'
import { hasTau, METRICS_WITHOUT_TAU } from '../metrics/score.ts'
import { activeCalibration } from '../workspace/calibrations.ts'
import {
  countMapsAfter,
  latestVerdictFacts,
  mapFactsAfter,
  mapValuesIn,
  marksBySample,
  verdictFactsAfter,
  type MapFacts,
  type MapRange,
  type VerdictFacts,
} from '../workspace/map-scans.ts'
import { scoresRevision } from '../workspace/scores.ts'
import { lastVerdictId } from '../workspace/verdicts.ts'
import { writeFacts } from './fact-columns.ts'
import { keptRows, keptShares } from './kept-rows.ts'
import {
  columnsWithRoom,
  emptyColumns,
  fillAllCapped,
  rowOfMap,
  writePixelScores,
  type MapColumns,
} from './map-columns.ts'
import { extendReviewer, modeBits, verdictCode, type ReviewerColumn } from './reviewer-columns.ts'
import { lookUpIn } from './search.ts'
import { emptyShares, fillCapped, sharesWithRoom, writeShares, type ShareColumns } from './share-columns.ts'

/** Maps read at a time: a few dozen milliseconds, after which something else may have its turn. */
const PAGE = 5000

/** Columns that are being filled; they take the place of the old ones when all of their rows are. */
interface Reading {
  columns: MapColumns
  shares: ShareColumns
  /** Rows that are filled. */
  filled: number
  /** Maps up to this id are filled in or were dropped. */
  after: number
  revision: number
}

/**
 * What filters, facets and queues look at, of every map of a workspace, in memory: 100,000 maps take 20 MB and are filtered
 * and counted in milliseconds, which is more than ten times faster than SQL does it.
 *
 * Verdicts are append-only, ids of maps only grow and replaced scores have a revision, so comparing a few numbers with the file
 * tells what is new, and only that is read. Whoever deletes maps tells the table, see {@link MapTable.drop}. Values that depend
 * on tau are computed here, from the shares and the active calibration.
 */
export class MapTable {
  readonly #database: Database
  #columns: MapColumns
  #shares: ShareColumns = emptyShares()
  #reading: Reading | null = null
  /** Maps up to this id are in the columns or were dropped. */
  #lastMap = 0
  #lastVerdict = 0
  /** One on a map that is not in the columns yet. */
  #missedVerdict = false
  #revision = 0
  #tau = NaN
  /** Reused by {@link MapTable.valuesUnder}, which is called for every frame of a drag. */
  #capped = new Float64Array()

  constructor(database: Database) {
    this.#database = database
    this.#columns = emptyColumns(lookUpIn(database))
  }

  /** The columns as the workspace is now. They are replaced or filled in place by the next call: do not keep them. */
  current(): MapColumns {
    while (this.#readPage());
    return this.#followed()
  }

  /**
   * The same for callers that can wait: many new maps are read in parts, and others have their turn between them. What was
   * stored before the call is there.
   */
  async ready(): Promise<MapColumns> {
    const underWay = this.#reading
    while (this.#readPage()) await setImmediate()
    if (underWay !== null) while (this.#readPage()) await setImmediate()
    return this.#followed()
  }

  /**
   * A metric of every map under a tau that need not be the active one, in the order of the columns; NaN where it is undefined.
   * Do not change it; the next call writes over it.
   */
  valuesUnder(metric: MetricName, tau: number): Float64Array {
    const { count, values } = this.current()
    if (!hasTau(metric) || tau === this.#tau) return values[metric]
    if (this.#capped.length < count) this.#capped = new Float64Array(count)
    fillCapped(this.#capped, this.#shares, { metric, tau, first: 0, end: count })
    return this.#capped.subarray(0, count)
  }

  /** The shares behind the rows of the columns; whatever changes gets columns and shares of its own, so a row's stay as they are. */
  get shares(): ShareColumns {
    return this.#shares
  }

  /** Leaves out maps that are going to be deleted; the file may still have them. Reads at once what is not {@link ready}. */
  drop(isDropped: (mapId: number) => boolean): void {
    const columns = this.current()
    const rows = Uint32Array.from(columns.mapIds.keys()).filter((row) => !isDropped(columns.mapIds[row] ?? 0))
    this.#columns = keptRows(columns, rows)
    this.#shares = keptShares(this.#shares, rows)
  }

  /** Reads everything again when it is asked for next: maps that were dropped and not deleted come back. */
  reread(): void {
    this.#columns = emptyColumns(this.#columns.lookUp)
    this.#shares = emptyShares()
    this.#reading = null
    this.#lastMap = 0
    this.#lastVerdict = 0
  }

  #followed(): MapColumns {
    const { tau } = activeCalibration(this.#database)
    if (tau !== this.#tau) this.#score(tau)
    this.#addVerdicts()
    return this.#columns
  }

  /** Reads a part of what is new. Tells whether there may be more. */
  #readPage(): boolean {
    this.#reading ??= this.#begin()
    const reading = this.#reading
    if (reading === null) return false
    this.#fill(reading)
    if (this.#reading === null) return true
    if (reading.filled < reading.columns.count) return true
    this.#publish(reading)
    return false
  }

  #publish({ columns, shares, after, revision }: Reading): void {
    if (this.#missedVerdict) this.#lastVerdict = 0
    const reviewers = this.#missedVerdict ? [] : this.#columns.reviewers
    this.#columns = {
      ...columns,
      reviewers: reviewers.map((reviewer) => extendReviewer(reviewer, columns.count)),
    }
    this.#shares = shares
    this.#lastMap = after
    this.#revision = revision
    this.#reading = null
    this.#missedVerdict = false
  }

  /** Room for maps that are not in the columns yet, or for all of them where stored scores were replaced; null: nothing is new. */
  #begin(): Reading | null {
    const revision = scoresRevision(this.#database)
    const isSame = revision === this.#revision
    const filled = isSame ? this.#columns.count : 0
    const after = isSame ? this.#lastMap : 0
    const added = countMapsAfter(this.#database, after)
    if (added === 0) return null
    if (Number.isNaN(this.#tau)) this.#tau = activeCalibration(this.#database).tau
    const count = filled + added
    return {
      columns: columnsWithRoom(this.#columns, count),
      shares: sharesWithRoom(filled === 0 ? emptyShares() : this.#shares, count),
      filled,
      after,
      revision,
    }
  }

  /** Fills in a page. Where maps were deleted since the reading began, it ends, and the next one begins anew. */
  #fill(reading: Reading): void {
    const { columns, shares, filled: first, after } = reading
    const maps = mapFactsAfter(this.#database, after, Math.min(PAGE, columns.count - first))
    if (maps.length === 0) {
      this.#reading = null
      return
    }
    const range = { after, last: maps.at(-1)?.id ?? after }
    const marks = marksBySample(this.#database, range)
    const marksOf = ({ sampleId }: MapFacts) => marks.get(sampleId) ?? []
    const shareBytes = (map: MapFacts) => 2 * marksOf(map).length * Float64Array.BYTES_PER_ELEMENT
    maps.forEach(({ id, sampleId, peak }, index) => {
      columns.mapIds[first + index] = id
      columns.peaks[first + index] = peak
      columns.sampleIds[first + index] = sampleId
    })
    writeFacts(this.#database, columns.facts, first, maps)
    writeShares(shares, first, maps, {
      bytesOf: (map) => map.measured.subarray(0, shareBytes(map)),
      marksOf,
    })
    writePixelScores(columns.values, first, maps, shareBytes)
    this.#fillValues(columns, first, range)
    fillAllCapped(columns.values, shares, { tau: this.#tau, first, end: first + maps.length })
    reading.filled = first + maps.length
    reading.after = range.last
  }

  #fillValues({ mapIds, values }: MapColumns, first: number, range: MapRange): void {
    const columns = METRICS_WITHOUT_TAU.map((metric) => values[metric])
    let row = first
    for (const scores of mapValuesIn(this.#database, range)) {
      while ((mapIds[row] ?? Infinity) < scores[0]) row += 1
      columns.forEach((column, index) => (column[row] = scores[index + 1] ?? NaN))
    }
  }

  /** Computes what depends on tau, and so what a reading that is under way computes from here on. */
  #score(tau: number): void {
    this.#tau = tau
    fillAllCapped(this.#columns.values, this.#shares, { tau, first: 0, end: this.#columns.count })
    if (this.#reading === null) return
    const { columns, shares, filled } = this.#reading
    fillAllCapped(columns.values, shares, { tau, first: 0, end: filled })
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
    if (row < 0) {
      this.#missedVerdict = true
      return
    }
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
