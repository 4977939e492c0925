import type { Database } from 'better-sqlite3'
import type { VerdictGroup } from '../../shared/contract/verdicts.ts'
import { findMapAnalysis } from './map-analyses.ts'
import { insert, now } from './statements.ts'

export interface NewVerdictGroup extends Pick<VerdictGroup, 'groups' | 'seed' | 'index' | 'size'> {
  queueId: number
  /** The analysis that says what is similar, or null and the version of the features of our own. */
  analysisId: number | null
  featuresVersion: number
  /** Maps of the group that were looked at before the verdict, and those that it was not given to. */
  lookedAt: readonly number[]
  leftOut: readonly number[]
}

/** Stores a group as a verdict goes to it. */
export function insertVerdictGroup(database: Database, group: NewVerdictGroup): VerdictGroup {
  const { groups, seed, index, size, queueId, analysisId, featuresVersion, lookedAt, leftOut } = group
  const id = insert(
    database,
    `INSERT INTO verdict_groups (queue_id, group_count, seed, features_version, position, size, looked_at_json, left_out_json,
       created_at, analysis_id)
     VALUES (@queueId, @groups, @seed, @featuresVersion, @index, @size, @lookedAt, @leftOut, @createdAt, @analysisId)`,
    {
      ...{ queueId, groups, seed, featuresVersion, index, size, analysisId, createdAt: now() },
      lookedAt: JSON.stringify(lookedAt),
      leftOut: JSON.stringify(leftOut),
    },
  )
  const similarBy = analysisId === null ? null : (findMapAnalysis(database, analysisId)?.name ?? null)
  return { id, groups, seed, similarBy, index, size, lookedAt: lookedAt.length }
}
