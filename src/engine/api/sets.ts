import type { Database } from 'better-sqlite3'
import type { Handlers } from '../../shared/contract/contract.ts'
import { HeatproofError } from '../../shared/errors.ts'
import type { JobQueue } from '../jobs/queue.ts'
import { removalOfSet, type Refusal } from '../jobs/run-removal.ts'
import type { MapTable } from '../review/map-table.ts'
import { shrinks } from '../workspace/free-space.ts'
import { listOpenJobs } from '../workspace/jobs.ts'
import { getSampleSet, type StoredSampleSet } from '../workspace/samples.ts'
import { listImportedSets, markSetRemoved, modelsOfSet, runsOfSet } from '../workspace/set-removal.ts'
import { BYTES_BESIDE_VALUES } from './run-removal.ts'

export interface SetDependencies {
  database: Database
  maps: MapTable
  queue: JobQueue
  /** Called when a set left the list of sets. */
  onRemoved: () => void
}

/** Sets of samples that somebody brought. */
export function setHandlers({
  database,
  maps,
  queue,
  onRemoved,
}: SetDependencies): Handlers<'sets.list' | 'sets.removal' | 'sets.remove'> {
  /** A set whose deletion was stopped may always be deleted to the end. */
  const removal = async (id: number) => {
    const set = requireSet(database, id)
    const { refusal, ...rest } = await removalOfSet(database, maps, set)
    if (set.source.removedAt !== undefined) return { set, ...rest, refusal: null }
    return { set, ...rest, refusal: refusalByJobs(database, queue, set) ?? refusal }
  }
  return {
    'sets.list': () => listImportedSets(database),
    'sets.removal': async ({ id }) => {
      const { mapIds, pixels, refusal } = await removal(id)
      const { count = 0, bytes = 0 } = listImportedSets(database).find((set) => set.id === id) ?? {}
      return {
        samples: count,
        maps: mapIds.length,
        runs: runsOfSet(database, id).map(({ title }) => title),
        models: modelsOfSet(database, id),
        bytes: bytes + pixels * Float32Array.BYTES_PER_ELEMENT + mapIds.length * BYTES_BESIDE_VALUES,
        shrinks: shrinks(database),
        refusal,
      }
    },
    'sets.remove': async ({ id }) => {
      const { set, refusal } = await removal(id)
      if (refusal !== null) throw new HeatproofError('conflict', refusal)
      markSetRemoved(database, id)
      onRemoved()
      return { jobId: queue.add('remove-set', `Delete the set ${set.name}`, { sampleSetId: id }).id }
    },
  }
}

function requireSet(database: Database, id: number): StoredSampleSet {
  const set = getSampleSet(database, id)
  if (set?.split === 'imported' && (set.count > 0 || set.source.removedAt === undefined)) return set
  throw new HeatproofError('not_found', {
    found: notImported(id, set),
    expected: 'the id of an imported set of this workspace',
    advice: 'See the list of imported sets: `heatproof sets`, or Runs.',
  })
}

function notImported(id: number, set: StoredSampleSet | undefined): string {
  if (set === undefined) return `no sample set ${id}`
  if (set.split === 'imported') return `the set ${set.name}, which was deleted`
  return `the sample set ${set.name}, which was drawn here`
}

function refusalByJobs(database: Database, queue: JobQueue, { id, name }: StoredSampleSet): Refusal | null {
  const open = runsOfSet(database, id).find(
    ({ jobId }) => jobId !== null && ['queued', 'running'].includes(queue.get(jobId).status),
  )
  if (open !== undefined) {
    return {
      found: `the set ${name}, of which run ${open.id} is not finished`,
      expected: 'a set whose runs are done, failed or cancelled',
      advice: 'Cancel its job first.',
    }
  }
  const coming = listOpenJobs(database).find(({ kind }) => kind === 'import')
  if (coming === undefined) return null
  return {
    found: `the job ${coming.title}, which is not finished and may bring samples of the set ${name}`,
    expected: 'no import under way',
    advice: 'Wait for its end, or cancel it first.',
  }
}
