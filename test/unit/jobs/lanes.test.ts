import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { JobQueue, type JobDefinition } from '../../../src/engine/jobs/queue.ts'
import { migrate } from '../../../src/engine/workspace/migrations/migrations.ts'

test('jobs of one lane wait for each other, others do not', async () => {
  const database = new Sqlite(':memory:')
  migrate(database)
  const log: string[] = []
  const slow = (name: string, lane?: string): JobDefinition => ({
    unit: 'maps',
    ...(lane === undefined ? {} : { lane }),
    async run() {
      log.push(`${name} begins`)
      await new Promise((resolve) => setTimeout(resolve, 30))
      log.push(`${name} ends`)
    },
  })
  const queue = new JobQueue(
    database,
    {
      train: slow('train'),
      explain: slow('explain'),
      sanity: slow('sanity'),
      score: slow('score', 'all maps'),
      export: slow('export', 'all maps'),
      remove: slow('remove', 'all maps'),
      'remove-set': slow('remove-set', 'all maps'),
      import: slow('import', 'all maps'),
    },
    () => undefined,
  )
  const jobs = (['export', 'remove', 'explain'] as const).map((kind) => queue.add(kind, kind, {}))
  for (const { id } of jobs) await queue.finished(id)
  expect(log.slice(0, 2)).toEqual(['export begins', 'explain begins'])
  expect(log.indexOf('remove begins')).toBeGreaterThan(log.indexOf('export ends'))
  database.close()
})
