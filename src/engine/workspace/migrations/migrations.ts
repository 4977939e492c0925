import type { Database } from 'better-sqlite3'
import { FIRST_TABLES } from './0001-first-tables.ts'
import { SCORES_WITHOUT_TAU } from './0002-scores-without-tau.ts'
import { SANITY_CHECKS } from './0003-sanity-checks.ts'
import { MAP_CHECKS } from './0004-map-checks.ts'
import { PIXEL_SCORES } from './0005-pixel-scores.ts'
import { CLASS_TARGETS } from './0006-class-targets.ts'
import { queueOrigins } from './0007-queue-origins.ts'
import { SEARCH_AND_FILTERS } from './0008-search-and-filters.ts'
import { REVIEWERS } from './0009-reviewers.ts'
import { GROUP_VERDICTS } from './0010-group-verdicts.ts'
import { REMOVED_RUNS } from './0011-removed-runs.ts'
import { auditLog } from './0012-audit-log.ts'
import { IMPORTED_SAMPLES } from './0013-imported-samples.ts'
import { IMPORTS } from './0014-imports.ts'
import { MAP_ANALYSES } from './0015-map-analyses.ts'
import { SCORES_WITHOUT_REGIONS } from './0016-scores-without-regions.ts'
import { addAuditHash } from '../audit-hash.ts'

export interface Migration {
  /** The workspace's `user_version` afterwards: 1, 2, 3, … */
  version: number
  /** What it does, for the error when it fails. */
  title: string
  up: (database: Database) => void
}

/** In increasing order. A migration that was released is never edited: a change is a new one. */
export const MIGRATIONS: readonly Migration[] = [
  { version: 1, title: 'first tables', up: (database) => void database.exec(FIRST_TABLES) },
  { version: 2, title: 'scores without tau', up: (database) => void database.exec(SCORES_WITHOUT_TAU) },
  { version: 3, title: 'sanity checks', up: (database) => void database.exec(SANITY_CHECKS) },
  { version: 4, title: 'checks of maps', up: (database) => void database.exec(MAP_CHECKS) },
  { version: 5, title: 'scores by pixel', up: (database) => void database.exec(PIXEL_SCORES) },
  { version: 6, title: 'classes as targets', up: (database) => void database.exec(CLASS_TARGETS) },
  { version: 7, title: 'origins of queues', up: queueOrigins },
  { version: 8, title: 'search and filters', up: (database) => void database.exec(SEARCH_AND_FILTERS) },
  { version: 9, title: 'reviewers', up: (database) => void database.exec(REVIEWERS) },
  { version: 10, title: 'verdicts on groups', up: (database) => void database.exec(GROUP_VERDICTS) },
  { version: 11, title: 'removed runs', up: (database) => void database.exec(REMOVED_RUNS) },
  { version: 12, title: 'audit log', up: auditLog },
  { version: 13, title: 'imported samples', up: (database) => void database.exec(IMPORTED_SAMPLES) },
  { version: 14, title: 'imports', up: (database) => void database.exec(IMPORTS) },
  { version: 15, title: 'analyses of maps', up: (database) => void database.exec(MAP_ANALYSES) },
  {
    version: 16,
    title: 'scores without regions',
    up: (database) => void database.exec(SCORES_WITHOUT_REGIONS),
  },
]

/** The version that this program writes. */
export const WORKSPACE_VERSION = MIGRATIONS.length

/** Whether {@link migrate} would change the file. */
export function isOutdated(database: Database): boolean {
  return versionOf(database) < WORKSPACE_VERSION
}

/**
 * Runs what the file lacks, each step and its version number in one transaction, and lets the connection write what is audited.
 */
export function migrate(database: Database, migrations: readonly Migration[] = MIGRATIONS): void {
  addAuditHash(database)
  const found = versionOf(database)
  for (const { version, up } of migrations) {
    if (version <= found) continue
    database
      .transaction(() => {
        up(database)
        database.pragma(`user_version = ${version}`)
      })
      .exclusive()
  }
}

function versionOf(database: Database): number {
  return Number(database.pragma('user_version', { simple: true }))
}
