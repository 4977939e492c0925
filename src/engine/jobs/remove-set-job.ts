import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import type { MapTable } from '../review/map-table.ts'
import { removeMapAnalyses } from '../workspace/map-analyses.ts'
import { restartScoring } from '../workspace/run-removal.ts'
import {
  deleteMapsOfSet,
  deleteRestOfSet,
  deleteSamplesOfSet,
  markSetRemoved,
  runIdsOfSet,
} from '../workspace/set-removal.ts'
import { getSampleSet } from '../workspace/samples.ts'
import type { JobDefinition } from './queue.ts'
import { giveBack, leaveOut, stoppedDeleting } from './remove-maps.ts'
import { eachPartOfSet } from './run-removal.ts'
import { inSlices } from './slices.ts'

export const RemoveSetJobRequest = z.object({ sampleSetId: z.int().positive() })

export interface RemoveSetDependencies {
  database: Database
  maps: MapTable
  /** Called when maps are gone. */
  onMaps: () => void
}

/** Maps and samples deleted in the first transaction; how many are in the next ones, their time decides. */
const FIRST_MAPS = 100
const FIRST_SAMPLES = 20

/**
 * Deletes an imported set in slices: its maps, then its samples. Filters and queues leave its maps out from the beginning. A map
 * that gets a verdict before its slice comes stays, with its sample and its run. After a stop or a crash what is left is deleted by
 * the same job, or by a new one.
 */
export function removeSetJob({ database, maps, onMaps }: RemoveSetDependencies): JobDefinition {
  return {
    unit: 'images',
    lane: 'all maps',
    async run({ request, done: before, signal, report, setResult }) {
      const { sampleSetId } = RemoveSetJobRequest.parse(request)
      setResult(sampleSetId)
      markSetRemoved(database, sampleSetId)
      restartScoring(database)
      const mapIds = await mapIdsOf(database, sampleSetId)
      await leaveOut(database, maps, mapIds)
      onMaps()
      const total = before + (getSampleSet(database, sampleSetId)?.count ?? 0)
      let [places, deleted] = [0, 0]
      await inSlices(FIRST_MAPS, (size) => {
        if (signal.aborted) throw stoppedDeleting('the whole set')
        deleted += deleteMapsOfSet(database, mapIds.slice(places, places + size))
        places = Math.min(mapIds.length, places + size)
        report({ done: before, total, detail: `deleting maps: ${places} of ${mapIds.length}` })
        return places < mapIds.length
      })
      for (const runId of runIdsOfSet(database, sampleSetId)) await removeMapAnalyses(database, runId)
      let done = before
      await inSlices(FIRST_SAMPLES, (size) => {
        if (signal.aborted) throw stoppedDeleting('the whole set')
        const gone = deleteSamplesOfSet(database, sampleSetId, size)
        done += gone
        report({ done, total, detail: 'deleting images' })
        return gone > 0
      })
      deleteRestOfSet(database, sampleSetId)
      if (deleted < mapIds.length) maps.reread()
      await giveBack(database, signal, (left) =>
        report({ done, total, detail: `giving back ${left} pages of the file` }),
      )
      onMaps()
    },
  }
}

async function mapIdsOf(database: Database, sampleSetId: number): Promise<number[]> {
  const ids: number[] = []
  for await (const part of eachPartOfSet(database, sampleSetId)) for (const { id } of part) ids.push(id)
  return ids
}
