import { isSigned, parseMethod } from '../../shared/methods.ts'
import { METRICS, VERDICTS } from '../../shared/names.ts'
import type { Size } from '../workspace/export-scans.ts'
import type { MapConsensus } from './audited-set-consensus.ts'
import type { SetContext } from './audited-set-context.ts'
import { imageFile, mapFiles, type ArrayFile, type Place } from './audited-set-layout.ts'
import { readMapRows, type MapRow } from './audited-set-map-rows.ts'
import type { SelectedMap } from './audited-set-selection.ts'
import type { CsvCell } from './csv.ts'
import { renderMapImage } from './map-image.ts'
import { createNpyWriter } from './npy-writer.ts'

/** Maps in memory at once. */
const BATCH = 100
/** Small maps are enlarged in pictures, up to this side. */
const PICTURE_SIDE = 256

const KEYS = ['map_id', 'sample_id', 'model', 'method']
const MAP_COLUMNS = [
  ...[
    ...KEYS,
    'file',
    'row',
    'image',
    'target',
    'target_kind',
    'predicted',
    'logit',
    'seed',
    'run_id',
    'state',
  ],
  ...['total', 'absolute', 'started', 'conservation', 'low', 'high', 'created_at'],
]
const SCORE_COLUMNS = [
  ...KEYS,
  ...METRICS.flatMap((metric) => [metric, `${metric}_state`]),
  'predicted_failure',
]
const CONSENSUS_COLUMNS = [...KEYS, 'consensus', 'modes', 'reviewers', ...VERDICTS]

/** Counts of maps by their consensus. */
export type ConsensusCounts = Record<MapConsensus['consensus'], number>

/** Writes the maps with their pictures, and the tables with one row a map: maps, scores, consensus. */
export async function writeMaps(context: SetContext): Promise<ConsensusCounts> {
  const { folder, selection } = context
  const tables = {
    maps: await folder.table('maps.csv', MAP_COLUMNS),
    scores: await folder.table('scores.csv', SCORE_COLUMNS),
    consensus: await folder.table('consensus.csv', CONSENSUS_COLUMNS),
  }
  const counts: ConsensusCounts = { accept: 0, fail: 0, unsure: 0, tie: 0, none: 0 }
  let done = 0
  for (const file of mapFiles(selection.maps, context)) {
    const writer = await createNpyWriter(await folder.place(file.path), [
      file.members.length,
      file.rows,
      file.columns,
    ])
    try {
      for (let row = 0; row < file.members.length; row += BATCH) {
        const batch = readBatch(context, file, row)
        for (const entry of batch) {
          const values = entry.values()
          await writer.append(values)
          if (entry.image !== null) {
            await folder.write(entry.image, drawMap(values, file, entry.map.method))
          }
          context.checkCancelled()
          counts[entry.consensus.consensus] += 1
        }
        await tables.maps(batch.map(mapCells))
        await tables.scores(batch.map(scoreCells))
        await tables.consensus(batch.map(consensusCells))
        done += batch.length
        context.report(done, file.path)
      }
      await writer.finish()
    } finally {
      await writer.discard()
    }
  }
  return counts
}

/** A map as PNG, small ones enlarged. */
export function drawMap(values: Float32Array, { rows, columns }: Size, method: string): Uint8Array {
  const enlarge = enlargement({ rows, columns })
  return renderMapImage({ values, rows, columns, signed: isSigned(parseMethod(method)), enlarge })
}

/** How many pixels of a picture, along each side, stand for one of the map. */
export function enlargement({ rows, columns }: Size): number {
  return Math.max(1, Math.floor(PICTURE_SIDE / Math.max(rows, columns)))
}

interface MapEntry extends MapRow {
  place: Place
  image: string | null
}

function readBatch(context: SetContext, file: ArrayFile<SelectedMap>, first: number): MapEntry[] {
  const members = file.members.slice(first, first + BATCH)
  return readMapRows(context, members).map((row, index): MapEntry => {
    const member = members[index]
    const image = context.request.images && member !== undefined ? imageFile(member, context) : null
    return { ...row, place: { file: file.path, row: first + index }, image }
  })
}

function keyCells({ map, model }: MapEntry): CsvCell[] {
  return [map.id, map.sampleId, model, map.method]
}

function mapCells(entry: MapEntry): CsvCell[] {
  const { map, place, image, predicted } = entry
  return [
    ...[...keyCells(entry), place.file, place.row, image, map.target, map.targetKind, predicted, map.logit],
    ...[map.seed, map.runId, map.state, map.total, map.absolute, map.started, map.conservation, map.low],
    ...[map.high, map.createdAt],
  ]
}

function scoreCells(entry: MapEntry): CsvCell[] {
  return [
    ...keyCells(entry),
    ...entry.scores.flatMap(({ value, state }) => [value, state]),
    entry.predictedFailure,
  ]
}

function consensusCells(entry: MapEntry): CsvCell[] {
  const { consensus, modes, counts } = entry.consensus
  const reviewers = counts.accept + counts.fail + counts.unsure
  return [
    ...[...keyCells(entry), consensus, modes.join(' '), reviewers],
    ...VERDICTS.map((verdict) => counts[verdict]),
  ]
}
