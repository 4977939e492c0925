import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import type { MapTable } from '../review/map-table.ts'
import { removeMapAnalyses } from '../workspace/map-analyses.ts'
import { deleteMapsOfRun, markRemoved, restartScoring } from '../workspace/run-removal.ts'
import type { JobDefinition } from './queue.ts'
import { giveBack, leaveOut, stoppedDeleting } from './remove-maps.ts'
import { eachPartOfRun } from './run-removal.ts'
import { inSlices } from './slices.ts'

export const RemoveJobRequest = z.object({ runId: z.int().positive() })

export interface RemoveDependencies {
  database: Database
  maps: MapTable
  /** Called when maps are gone. */
  onMaps: () => void
}

/** Maps deleted in the first transaction; how many are in the next ones, their time decides. */
const FIRST_SLICE = 100

/**
 * Deletes a run in slices. Filters and queues leave its maps out from the beginning. A map that gets a verdict, or that a new run
 * needs, before its slice comes stays. After a stop or a crash what is left is deleted by the same job, or by a new one.
 */
export function removeRunJob({ database, maps, onMaps }: RemoveDependencies): JobDefinition {
  return {
    unit: 'maps',
    lane: 'all maps',
    async run({ request, done: before, signal, report, setResult }) {
      const { runId } = RemoveJobRequest.parse(request)
      setResult(runId)
      markRemoved(database, runId)
      restartScoring(database)
      const mapIds = await idsToDelete(database, runId)
      await leaveOut(database, maps, mapIds)
      onMaps()
      const total = before + mapIds.length
      let [done, stayed] = [0, 0]
      await inSlices(FIRST_SLICE, (size) => {
        if (signal.aborted) throw stoppedDeleting('all maps of the run')
        const slice = mapIds.slice(done, done + size)
        stayed += slice.length - deleteMapsOfRun(database, runId, slice).length
        done += slice.length
        report({ done: before + done, total, detail: 'deleting maps' })
        return done < mapIds.length
      })
      await removeMapAnalyses(database, runId)
      if (stayed > 0) maps.reread()
      await giveBack(database, signal, (left) =>
        report({ done: total, total, detail: `giving back ${left} pages of the file` }),
      )
      onMaps()
    },
  }
}

async function idsToDelete(database: Database, runId: number): Promise<number[]> {
  const ids: number[] = []
  for await (const part of eachPartOfRun(database, runId)) {
    for (const { id, needed } of part) if (!needed) ids.push(id)
  }
  return ids
}
