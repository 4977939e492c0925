import type { Database } from 'better-sqlite3'
import { float32FromBlob } from '../../../src/engine/workspace/blobs.ts'
import { getMapBytes, insertMaps, listMapClasses, listMaps } from '../../../src/engine/workspace/maps.ts'

/** For each map a second one of a class that is neither the label nor the prediction, with the same values. Gives their ids. */
export function addOtherClassMaps(database: Database, mapIds: readonly number[]): number[] {
  const classes = new Map(listMapClasses(database, mapIds).map((map) => [map.id, map]))
  return listMaps(database, mapIds).map((map) => {
    const { label = -1, predicted = null } = classes.get(map.id) ?? {}
    const target = [0, 1, 2].find((other) => other !== label && other !== predicted) ?? -1
    const { runId, modelId, checks, ...facts } = map
    const values = float32FromBlob(getMapBytes(database, map.id) ?? new Uint8Array())
    const copy = { ...facts, ...(checks ? { checks } : {}), values, target, targetKind: 'class' as const }
    insertMaps(database, { runId, modelId, predictions: [], maps: [copy] })
    return Number(database.prepare('SELECT max(id) FROM maps').pluck().get())
  })
}
