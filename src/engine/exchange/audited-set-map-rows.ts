import { type Explained } from '../../shared/names.ts'
import { scoreStored, type MetricScore } from '../metrics/score.ts'
import { explainedOf } from '../review/explained.ts'
import { predictsFailure } from '../review/review-item.ts'
import { float32FromBlob } from '../workspace/blobs.ts'
import { verdictsOfMaps, type ExportedVerdict } from '../workspace/export-scans.ts'
import { marksOf } from '../workspace/map-shares.ts'
import { getMapBytes, listMapClasses, listMaps, type StoredMap } from '../workspace/maps.ts'
import { mapConsensus, type MapConsensus } from './audited-set-consensus.ts'
import type { SetSource } from './audited-set-context.ts'
import { countingVerdicts, type SelectedMap } from './audited-set-selection.ts'

/** A map of an export with everything that is known of it. */
export interface MapRow {
  map: StoredMap
  /** Name of its model. */
  model: string
  /** Of its sample. */
  label: number
  /** What the model predicts; null: nobody stated it. */
  predicted: number | null
  explained: Explained
  /** Under the calibration of the export, in the order of `METRICS`. */
  scores: MetricScore[]
  /** Whether that calibration says that the map fails; null where it cannot say. */
  predictedFailure: boolean | null
  /** Every verdict on the map of the reviewers in question, oldest first. */
  history: ExportedVerdict[]
  consensus: MapConsensus
  /** Reads its pixels: rows x columns, row by row. */
  values: () => Float32Array
}

/**
 * The rows of these maps, in their order. Scores are computed here from the stored shares, so that all of them follow the one
 * calibration that the export states.
 */
export function readMapRows(source: SetSource, selected: readonly SelectedMap[]): MapRow[] {
  const { database, models, selection, calibration } = source
  const ids = selected.map(({ mapId }) => mapId)
  const stored = new Map(listMaps(database, ids).map((map) => [map.id, map]))
  const classes = new Map(listMapClasses(database, ids).map((map) => [map.id, map]))
  const histories = Map.groupBy(
    countingVerdicts(selection, verdictsOfMaps(database, ids, selection.lastVerdictId)),
    ({ mapId }) => mapId,
  )
  return selected.map(({ mapId, modelId }): MapRow => {
    const map = stored.get(mapId)
    const own = classes.get(mapId)
    if (map === undefined || own === undefined) throw new Error(`map ${mapId} is gone`)
    const history = histories.get(mapId) ?? []
    const explained = explainedOf(own)
    const scores = scoreStored(map, marksOf(database, map.sampleId), calibration.tau)
    return {
      map,
      model: models.get(modelId)?.name ?? '',
      label: own.label,
      predicted: own.predicted,
      explained,
      scores,
      predictedFailure: predictsFailure(calibration, scores, explained),
      history,
      consensus: mapConsensus(history, selection.rule),
      values: () => readValues(source, mapId),
    }
  })
}

function readValues({ database }: Pick<SetSource, 'database'>, mapId: number): Float32Array {
  const bytes = getMapBytes(database, mapId)
  if (bytes === undefined) throw new Error(`map ${mapId} without its values`)
  return float32FromBlob(bytes)
}
