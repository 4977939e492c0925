import type { Database } from 'better-sqlite3'
import type { ExportRequest } from '../../shared/contract/exports.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { FORM_TITLES, type ExportForm } from '../../shared/export-forms.ts'
import type { ConsensusRule, Verdict } from '../../shared/names.ts'
import { consensusAt } from '../review/consensus-at.ts'
import { matchingRows } from '../review/filter.ts'
import type { MapTable } from '../review/map-table.ts'
import { lastVerdictId, listDeciders } from '../workspace/verdicts.ts'

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
  rule: ConsensusRule
  /** Whose verdicts count; null: everybody's. */
  reviewers: readonly string[] | null
}

const INCLUDED: Record<Exclude<ExportRequest['include'], 'any'>, readonly Verdict[]> = {
  accepted: ['accept'],
  failed: ['fail'],
  unsure: ['unsure'],
  consensus: ['accept', 'fail'],
}

/** Those of the verdicts that count in a set. */
export function countingVerdicts<Row extends { reviewer: string }>(
  { reviewers }: Pick<Selection, 'reviewers'>,
  verdicts: readonly Row[],
): Row[] {
  return verdicts.filter(({ reviewer }) => reviewers?.includes(reviewer) ?? true)
}

/** The maps that a request asks for, by the verdicts of this moment. @throws HeatproofError `bad_argument` (an unknown reviewer) */
export function selectMaps(
  database: Database,
  table: MapTable,
  { filter, include, rule, reviewers }: Pick<ExportRequest, 'filter' | 'include' | 'rule' | 'reviewers'>,
): Selection {
  requireReviewers(database, reviewers)
  const columns = table.current()
  const { model, method } = columns.facts
  const matching = matchingRows(columns, filter)
  const counting = columns.reviewers.filter(({ reviewer }) => reviewers?.includes(reviewer) ?? true)
  const isIncluded = (row: number) => {
    if (include === 'any') return true
    const consensus = consensusAt(counting, row, rule)
    return consensus !== null && INCLUDED[include].includes(consensus)
  }
  const maps = Array.from(matching)
    .filter(isIncluded)
    .map((row) => ({
      mapId: columns.mapIds[row] ?? 0,
      sampleId: columns.sampleIds[row] ?? 0,
      modelId: model.values[model.codes[row] ?? 0] ?? 0,
      method: method.values[method.codes[row] ?? 0] ?? '',
    }))
  return {
    ...{ matching: matching.length, maps, rule, reviewers: reviewers ?? null },
    lastVerdictId: lastVerdictId(database),
  }
}

function requireReviewers(database: Database, reviewers: readonly string[] | undefined): void {
  const deciders = listDeciders(database)
  const unknown = reviewers?.find((name) => !deciders.includes(name))
  if (unknown === undefined) return
  throw new HeatproofError('bad_argument', {
    found: `the reviewer ${JSON.stringify(unknown)}`,
    expected: deciders.length === 0 ? 'nobody: no map was decided' : `one of ${deciders.join(', ')}`,
    advice: 'Correct the name; upper and lower case count.',
  })
}

/** Files that a zip can hold. */
const MOST_FILES_OF_ZIP = 65_535

/** @throws HeatproofError `bad_argument` when there is nothing to export, or more pictures than a zip can hold */
export function requireSelection(
  { matching, maps }: Selection,
  { include, form, format, images }: Pick<ExportRequest, 'include' | 'form' | 'format' | 'images'>,
): void {
  if (maps.length === 0) throw nothing(matching, include)
  if (format === 'folder' || picturesOf(maps, form, images) < MOST_FILES_OF_ZIP) return
  throw new HeatproofError('bad_argument', {
    found: `${picturesOf(maps, form, images)} pictures for one zip`,
    expected: `fewer than ${MOST_FILES_OF_ZIP}`,
    advice: 'Export to a folder, leave the pictures out, or choose fewer maps.',
  })
}

/** Pictures of an export; forms that always have them show inputs too. */
function picturesOf(maps: readonly SelectedMap[], form: ExportForm, images: boolean): number {
  const { pictures } = FORM_TITLES[form]
  if (pictures === 'optional') return images ? maps.length : 0
  return pictures === 'never' ? 0 : maps.length + new Set(maps.map(({ sampleId }) => sampleId)).size
}

function nothing(matching: number, include: ExportRequest['include']): HeatproofError {
  const wanted = {
    accepted: 'the consensus verdict accept',
    failed: 'the consensus verdict fail',
    unsure: 'the consensus verdict unsure',
    consensus: 'a consensus verdict accept or fail',
    any: 'any verdict or none',
  }
  return new HeatproofError('bad_argument', {
    found: `no map to export: ${matching} match the filter, none of them has ${wanted[include]}`,
    expected: 'at least one map',
    advice: 'Widen the filter, review some of the maps first, or include all maps.',
  })
}
