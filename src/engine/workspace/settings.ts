import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { execute, selectOne } from './statements.ts'

/** A setting of the workspace, undefined when it was never set. */
export function getSetting<Value>(
  database: Database,
  key: string,
  schema: z.ZodType<Value>,
): Value | undefined {
  const row = selectOne(database, SettingRow, 'SELECT value_json AS value FROM settings WHERE key = @key', {
    key,
  })
  return row === undefined ? undefined : schema.parse(JSON.parse(row.value))
}

const SettingRow = z.object({ value: z.string() })

export function setSetting(database: Database, key: string, value: unknown): void {
  execute(
    database,
    `INSERT INTO settings (key, value_json) VALUES (@key, @value)
     ON CONFLICT (key) DO UPDATE SET value_json = excluded.value_json`,
    { key, value: JSON.stringify(value) },
  )
}
