import type { Database } from 'better-sqlite3'
import { ImportRecord } from '../../shared/contract/imports.ts'
import { json } from './blobs.ts'
import { insert, now, selectAll, selectOne } from './statements.ts'

const ImportRow = ImportRecord.extend({
  counts: json(ImportRecord.shape.counts),
  warnings: json(ImportRecord.shape.warnings),
})

const SELECT_IMPORTS = `
  SELECT id, format, source, sha256, tool, counts_json AS counts, warnings_json AS warnings, run_id AS runId,
    created_by AS createdBy, created_at AS createdAt
  FROM imports`

/** Newest first. */
export function listImports(database: Database): ImportRecord[] {
  return selectAll(database, ImportRow, `${SELECT_IMPORTS} ORDER BY id DESC`)
}

/** The import whose maps a run shows. */
export function importOfRun(database: Database, runId: number): ImportRecord | undefined {
  return selectOne(database, ImportRow, `${SELECT_IMPORTS} WHERE run_id = @runId ORDER BY id LIMIT 1`, {
    runId,
  })
}

/** Records a finished import and gives its id. */
export function insertImport(
  database: Database,
  { counts, warnings, ...record }: Omit<ImportRecord, 'id' | 'createdAt'>,
): number {
  return insert(
    database,
    `INSERT INTO imports (format, source, sha256, tool, counts_json, warnings_json, run_id, created_by, created_at)
     VALUES (@format, @source, @sha256, @tool, @counts, @warnings, @runId, @createdBy, @createdAt)`,
    { ...record, counts: JSON.stringify(counts), warnings: JSON.stringify(warnings), createdAt: now() },
  )
}
