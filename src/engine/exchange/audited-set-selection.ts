import type { Database } from 'better-sqlite3'
import type { ExportRequest } from '../../shared/contract/exports.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { consensusAt } from '../review/consensus-at.ts'
import { matchingRows } from '../review/filter.ts'
import type { MapTable } from '../review/map-table.ts'
import { lastVerdictId } from '../workspace/verdicts.ts'

export interface SelectedMap {
  mapId: number
  sampleId: number
  modelId: number
  method: string
}

/** What an audited set consists of, fixed at one moment: later maps and verdicts do not get in. */
export interface Selection {
  /** Maps that the filter lets through, before consensus is asked. */
  matching: number
  /** In ascending map id. */
  maps: SelectedMap[]
  /** Verdicts with a larger id came later and do not count. */
  lastVerdictId: number
}

/** The maps that a request asks for, by the verdicts of this moment. */
export function selectMaps(
  database: Database,
  table: MapTable,
  { filter, include }: Pick<ExportRequest, 'filter' | 'include'>,
): Selection {
  const columns = table.current()
  const { model, method } = columns.facts
  const matching = matchingRows(columns, filter)
  const isIncluded = (row: number) => {
    if (include === 'any') return true
    const consensus = consensusAt(columns.reviewers, row)
    return consensus === 'accept' || (include === 'consensus' && consensus === 'fail')
  }
  const maps = Array.from(matching)
    .filter(isIncluded)
    .map((row) => ({
      mapId: columns.mapIds[row] ?? 0,
      sampleId: columns.sampleIds[row] ?? 0,
      modelId: model.values[model.codes[row] ?? 0] ?? 0,
      method: method.values[method.codes[row] ?? 0] ?? '',
    }))
  return { matching: matching.length, maps, lastVerdictId: lastVerdictId(database) }
}

/** Files that a zip can hold. */
const MOST_FILES_OF_ZIP = 65_535

/** @throws HeatproofError `bad_argument` when there is nothing to export, or more pictures than a zip can hold */
export function requireSelection(
  { matching, maps }: Selection,
  { include, format, images }: Pick<ExportRequest, 'include' | 'format' | 'images'>,
): void {
  if (maps.length === 0) throw nothing(matching, include)
  if (format === 'folder' || !images || maps.length < MOST_FILES_OF_ZIP) return
  throw new HeatproofError('bad_argument', {
    found: `${maps.length} pictures for one zip`,
    expected: `fewer than ${MOST_FILES_OF_ZIP}`,
    advice: 'Export to a folder, leave the pictures out, or choose fewer maps.',
  })
}

function nothing(matching: number, include: ExportRequest['include']): HeatproofError {
  const wanted = {
    accepted: 'the consensus verdict accept',
    consensus: 'a consensus verdict accept or fail',
    any: 'any verdict or none',
  }
  return new HeatproofError('bad_argument', {
    found: `no map to export: ${matching} match the filter, none of them has ${wanted[include]}`,
    expected: 'at least one map',
    advice: 'Widen the filter, review some of the maps first, or include all maps.',
  })
}
