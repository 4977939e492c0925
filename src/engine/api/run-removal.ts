import type { Database } from 'better-sqlite3'
import type { Handlers } from '../../shared/contract/contract.ts'
import { HeatproofError } from '../../shared/errors.ts'
import type { JobQueue } from '../jobs/queue.ts'
import { removalOf, type Refusal } from '../jobs/run-removal.ts'
import type { MapTable } from '../review/map-table.ts'
import { shrinks } from '../workspace/free-space.ts'
import { markRemoved } from '../workspace/run-removal.ts'
import { getRun, type StoredRun } from '../workspace/runs.ts'

export interface RunRemovalDependencies {
  database: Database
  maps: MapTable
  queue: JobQueue
  /** Called when a run left the list of runs. */
  onRemoved: () => void
}

/** Row, index entries and scores of a map, roughly. */
export const BYTES_BESIDE_VALUES = 1200

export function runRemovalHandlers({
  database,
  maps,
  queue,
  onRemoved,
}: RunRemovalDependencies): Handlers<'runs.removal' | 'runs.remove'> {
  /** A run whose deletion was stopped may always be deleted to the end. */
  const removal = async (id: number) => {
    const run = requireRun(database, id)
    const { refusal, ...rest } = await removalOf(database, maps, run)
    if (run.removedAt === null) return { run, ...rest, refusal: refusalByJob(queue, run) ?? refusal }
    if (rest.mapIds.length === 0) throw noRun(`run ${id}, which was deleted`)
    return { run, ...rest, refusal: null }
  }
  return {
    'runs.removal': async ({ id }) => {
      const { mapIds, pixels, needed, refusal } = await removal(id)
      return {
        maps: mapIds.length,
        needed,
        bytes: pixels * Float32Array.BYTES_PER_ELEMENT + mapIds.length * BYTES_BESIDE_VALUES,
        shrinks: shrinks(database),
        refusal,
      }
    },
    'runs.remove': async ({ id }) => {
      const { run, refusal } = await removal(id)
      if (refusal !== null) throw new HeatproofError('conflict', refusal)
      markRemoved(database, id)
      onRemoved()
      return { jobId: queue.add('remove', `Delete ${run.title}`, { runId: id }).id }
    },
  }
}

function requireRun(database: Database, id: number): StoredRun {
  const run = getRun(database, id)
  if (run !== undefined) return run
  throw noRun(`no run ${id}`)
}

function noRun(found: string): HeatproofError {
  return new HeatproofError('not_found', {
    found,
    expected: 'the id of a run of this workspace',
    advice: 'See the list of runs.',
  })
}

function refusalByJob(queue: JobQueue, { id, jobId }: StoredRun): Refusal | null {
  const status = jobId === null ? 'done' : queue.get(jobId).status
  if (status !== 'queued' && status !== 'running') return null
  return {
    found: `run ${id}, which is ${status}`,
    expected: 'a run that is done, failed or cancelled',
    advice: 'Cancel its job first.',
  }
}
