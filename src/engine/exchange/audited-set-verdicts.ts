import { verdictPage, verdictsOfMaps, type ExportedVerdict } from '../workspace/export-scans.ts'
import { mapConsensus, type MapConsensus } from './audited-set-consensus.ts'
import type { SetContext } from './audited-set-context.ts'
import { countingVerdicts, type SelectedMap } from './audited-set-selection.ts'
import type { CsvCell } from './csv.ts'

/** Verdicts in memory at once. */
const PAGE = 500

const COLUMNS = [
  ...['id', 'map_id', 'sample_id', 'model', 'method', 'reviewer', 'verdict', 'modes', 'note', 'created_at'],
  ...['latest', 'consensus', 'action', 'decision', 'box_row', 'box_column', 'box_height', 'box_width'],
  ...['queue', 'probability', 'drawn_at_random', 'position', 'blind'],
  ...['group', 'group_size', 'group_looked_at', 'group_similar_by'],
]

/** A verdict with its map and what all reviewers of that map say. */
export interface VerdictEntry {
  verdict: ExportedVerdict
  map: SelectedMap
  model: string
  consensus: MapConsensus
}

/** Every verdict that the reviewers in question ever gave on the maps of the export, oldest first, a page at a time. */
export function* verdictPages(context: SetContext): Generator<VerdictEntry[]> {
  const { database, selection } = context
  const maps = new Map(selection.maps.map((map) => [map.mapId, map]))
  const last = selection.lastVerdictId
  for (let after = 0; after < last;) {
    context.checkCancelled()
    const page = verdictPage(database, { after, last, limit: PAGE })
    yield entriesOf(context, maps, page)
    after = page.at(-1)?.id ?? last
  }
}

/** Writes these verdicts as a table and as JSON Lines. */
export async function writeVerdicts(context: SetContext): Promise<{ rows: number; latest: number }> {
  const table = await context.folder.table('verdicts.csv', COLUMNS)
  const lines = await context.folder.lines('verdicts.jsonl')
  const written = { rows: 0, latest: 0 }
  for (const entries of verdictPages(context)) {
    await table(entries.map(verdictCells))
    await lines(entries.map(verdictLine))
    written.rows += entries.length
    written.latest += entries.filter(isLatest).length
  }
  return written
}

function entriesOf(
  { database, models, selection }: SetContext,
  maps: ReadonlyMap<number, SelectedMap>,
  page: readonly ExportedVerdict[],
): VerdictEntry[] {
  const wanted = countingVerdicts(selection, page).filter(({ mapId }) => maps.has(mapId))
  const mapIds = [...new Set(wanted.map(({ mapId }) => mapId))]
  const histories = Map.groupBy(
    countingVerdicts(selection, verdictsOfMaps(database, mapIds, selection.lastVerdictId)),
    ({ mapId }) => mapId,
  )
  const consensus = new Map(
    [...histories].map(([mapId, history]) => [mapId, mapConsensus(history, selection.rule)]),
  )
  return wanted.flatMap((verdict) => {
    const map = maps.get(verdict.mapId)
    const together = consensus.get(verdict.mapId)
    if (map === undefined || together === undefined) return []
    return [{ verdict, map, model: models.get(map.modelId)?.name ?? '', consensus: together }]
  })
}

/** Whether it is its reviewer's last word on the map, and counts. */
export function isLatest({ verdict, consensus }: VerdictEntry): boolean {
  return consensus.latest.has(verdict.id)
}

function verdictCells(entry: VerdictEntry): CsvCell[] {
  const { verdict, map, model, consensus } = entry
  const { box, group } = verdict
  return [
    ...[verdict.id, verdict.mapId, map.sampleId, model, map.method, verdict.reviewer, verdict.verdict],
    ...[verdict.modes.join(' '), verdict.note, verdict.createdAt, isLatest(entry), consensus.consensus],
    ...[verdict.action, verdict.decisionId, box?.row, box?.column, box?.height, box?.width],
    ...[verdict.queueId, verdict.probability, verdict.drawnAtRandom, verdict.position, verdict.blind],
    ...[group?.id, group?.size, group?.lookedAt, group?.similarBy],
  ]
}

function verdictLine(entry: VerdictEntry): object {
  const { verdict, map, model, consensus } = entry
  const { sampleId, method } = map
  return { ...verdict, sampleId, model, method, latest: isLatest(entry), consensus: consensus.consensus }
}
