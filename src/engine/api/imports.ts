import { basename } from 'node:path'
import type { Database } from 'better-sqlite3'
import type { Handlers } from '../../shared/contract/contract.ts'
import { formatOf } from '../exchange/import/import-formats.ts'
import { importCandidates } from '../exchange/import/import-candidates.ts'
import { importSource } from '../exchange/import/import-source.ts'
import type { JobQueue } from '../jobs/queue.ts'
import { listImports } from '../workspace/imports.ts'

export interface ImportHandlerDependencies {
  database: Database
  queue: JobQueue
  /** Folders that files may be read from. */
  folders: () => readonly string[]
}

export function importHandlers({
  database,
  queue,
  folders,
}: ImportHandlerDependencies): Handlers<
  'imports.candidates' | 'imports.inspect' | 'imports.start' | 'imports.list'
> {
  return {
    'imports.candidates': () => importCandidates(folders()),
    'imports.inspect': async ({ path, format: wanted, options, createdBy }) => {
      const source = importSource(path, folders())
      const format = await formatOf(source, wanted)
      const opened = await format.open(source, options)
      try {
        return { format: format.name, ...(await opened.inspect(database, createdBy)) }
      } finally {
        await opened.close()
      }
    },
    'imports.start': async (request) => {
      const source = importSource(request.path, folders())
      const { name: format } = await formatOf(source, request.format)
      const job = queue.add('import', `Import ${basename(source)}`, { ...request, path: source, format })
      return { jobId: job.id }
    },
    'imports.list': () => listImports(database),
  }
}
