import type { Database } from 'better-sqlite3'
import { openWorkspace } from '../../engine/workspace/open.ts'

/** Opens a workspace's file without an engine, does the work, and closes it whatever happens. */
export async function withOpenFile<Result>(
  path: string,
  work: (database: Database) => Result | Promise<Result>,
): Promise<Result> {
  const workspace = openWorkspace(path)
  try {
    return await work(workspace.database)
  } finally {
    workspace.close()
  }
}
