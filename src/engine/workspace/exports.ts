import type { Database } from 'better-sqlite3'
import { ExportRecord, type ExportRequest } from '../../shared/contract/exports.ts'
import { insert, now, selectAll, selectOne } from './statements.ts'

const SELECT_EXPORTS = `
  SELECT id, path, coalesce(json_extract(request_json, '$.form'), 'set') AS form, format, maps, verdicts, bytes, manifest_sha256 AS manifestSha256, created_by AS createdBy,
    created_at AS createdAt
  FROM exports`

/** Newest first. */
export function listExports(database: Database): ExportRecord[] {
  return selectAll(database, ExportRecord, `${SELECT_EXPORTS} ORDER BY id DESC`)
}

export function getExport(database: Database, id: number): ExportRecord | undefined {
  return selectOne(database, ExportRecord, `${SELECT_EXPORTS} WHERE id = @id`, { id })
}

/** Records a finished export and gives its id. */
export function insertExport(
  database: Database,
  record: Omit<ExportRecord, 'id' | 'form' | 'createdAt'> & { request: ExportRequest },
): number {
  return insert(
    database,
    `INSERT INTO exports (path, format, request_json, maps, verdicts, bytes, manifest_sha256, created_by, created_at)
     VALUES (@path, @format, @request, @maps, @verdicts, @bytes, @manifestSha256, @createdBy, @createdAt)`,
    { ...record, request: JSON.stringify(record.request), createdAt: now() },
  )
}
