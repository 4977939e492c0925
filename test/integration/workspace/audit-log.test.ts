import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import Sqlite from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import {
  countAuditEntries,
  listAuditEntries,
  verifyAuditLog,
} from '../../../src/engine/workspace/audit-log.ts'
import { addAuditHash } from '../../../src/engine/workspace/audit-hash.ts'
import { migrate, MIGRATIONS } from '../../../src/engine/workspace/migrations/migrations.ts'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import { heatproof } from '../cli/heatproof.ts'
import { decision, makeWorkspace } from '../support/reviewed-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const place = (name: string) => join(folder, `${name}.heatproof`)

/** Twelve maps, six verdicts, the last of which is taken back. */
async function makeReviewed(name: string): Promise<string> {
  const { workspace, review } = makeWorkspace(place(name), {
    rows: 4,
    columns: 12,
    samples: 6,
    architectures: [{ architecture: 'deep' }],
    methods: ['sa', 'gb'],
  })
  await review['review.decide'](decision('Ada', [1, 2, 3], 'accept'))
  await review['review.decide'](decision('Grace', [4], 'unsure'))
  await review['review.decide'](decision('Ada', [5], 'fail'))
  await review['review.decide'](decision('Ada', [6], 'accept'))
  await review['review.undo']({ reviewer: 'Ada' })
  workspace.close()
  return place(name)
}

/** What somebody can do who has the file and a program for databases. */
function tamper(path: string, sql: string): void {
  const database = new Sqlite(path)
  addAuditHash(database)
  database.pragma('foreign_keys = OFF')
  for (const trigger of database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
    .pluck()
    .all() as string[]) {
    database.exec(`DROP TRIGGER ${trigger}`)
  }
  database.exec(sql)
  database.close()
}

function withDatabase<Result>(path: string, work: (database: Database) => Result): Result {
  const workspace = openWorkspace(path)
  try {
    return work(workspace.database)
  } finally {
    workspace.close()
  }
}

const faultsOf = (path: string) => withDatabase(path, (database) => verifyAuditLog(database).faults)

describe('the audit log', () => {
  test('has an entry for every verdict, undone ones too, chained from the first to the last', async () => {
    withDatabase(await makeReviewed('chained'), (database) => {
      const verdicts = database.prepare('SELECT * FROM verdicts ORDER BY id').all() as Record<
        string,
        unknown
      >[]
      expect(countAuditEntries(database)).toBe(verdicts.length)
      let before: string | null = null
      const columns =
        'id map_id reviewer verdict modes_json note box_json queue_id probability drawn_at_random'
          .concat(' decision_id action created_at position blind group_id')
          .split(' ')
      const hashes = verdicts.map((row): string => {
        const text = JSON.stringify([before, 'verdicts', ...columns.map((column) => row[column])])
        before = createHash('sha256').update(text).digest('hex')
        return before
      })
      expect(
        listAuditEntries(database, 100)
          .toReversed()
          .map(({ sha256 }) => sha256),
      ).toEqual(hashes)
      expect(verifyAuditLog(database)).toEqual({ entries: verdicts.length, head: before, faults: [] })
    })
  })

  test.each([
    [
      'a changed verdict',
      "UPDATE verdicts SET verdict = 'fail' WHERE id = 2",
      { rowId: 2, fault: 'changed' },
    ],
    [
      'a changed time',
      "UPDATE verdicts SET created_at = '2020' WHERE id = 4",
      { rowId: 4, fault: 'changed' },
    ],
    ['a deleted verdict', 'DELETE FROM verdicts WHERE id = 3', { rowId: 3, fault: 'missing' }],
    [
      'a verdict that was slipped in',
      `INSERT INTO verdicts SELECT 99, map_id, 'Eve', verdict, modes_json, note, box_json, queue_id, probability, drawn_at_random,
         decision_id, action, created_at, position, blind, group_id FROM verdicts WHERE id = 1`,
      { rowId: 99, fault: 'unlogged' },
    ],
    [
      'an entry written anew for a changed verdict',
      `UPDATE verdicts SET verdict = 'fail' WHERE id = 2;
       UPDATE audit_log SET sha256 = audit_hash((SELECT sha256 FROM audit_log WHERE id = 1), 'verdicts', 'x') WHERE id = 2`,
      { rowId: 2, fault: 'changed' },
    ],
  ])('finds %s', async (name, sql, fault) => {
    const path = await makeReviewed(name.replaceAll(' ', '-'))
    tamper(path, sql)
    expect(faultsOf(path)[0]).toEqual({ table: 'verdicts', ...fault })
  })

  test('finds that its end was cut off by a head that was noted', async () => {
    const path = await makeReviewed('cut')
    const head = withDatabase(path, (database) => verifyAuditLog(database).head) ?? ''
    expect(withDatabase(path, (database) => verifyAuditLog(database, head).faults)).toEqual([])
    tamper(path, 'DELETE FROM verdicts WHERE id > 3; DELETE FROM audit_log WHERE row_id > 3')
    expect(faultsOf(path)).toEqual([])
    expect(() => withDatabase(path, (database) => verifyAuditLog(database, head))).toThrow(
      /no entry with the hash/,
    )
  })

  test('takes in what was decided before there was one', async () => {
    const path = place('older')
    const database = new Sqlite(path)
    migrate(database, MIGRATIONS.slice(0, 11))
    const calibration = 'INSERT INTO calibrations (version, fit_json, created_by, created_at)'
    database.exec(`
      INSERT INTO settings VALUES ('reviewer', '"Ada"');
      ${calibration} VALUES (1, '{}', 'Ada', '2026-01-02');
      INSERT INTO activations (calibration_id, activated_by, undoes, created_at) VALUES (1, 'Ada', NULL, '2026-01-03');
      ${calibration} VALUES (2, '{}', 'Ada', '2026-01-04');
    `)
    migrate(database)
    expect(listAuditEntries(database, 9).map(({ table, rowId }) => `${table} ${rowId}`)).toEqual([
      'calibrations 2',
      'activations 1',
      'calibrations 1',
    ])
    expect(verifyAuditLog(database).faults).toEqual([])
    database.close()
    await Promise.resolve()
  })
})

describe('heatproof log', () => {
  test('lists, verifies, and exits with 1 where a row was changed', async () => {
    const path = await makeReviewed('command')
    const log = (...args: string[]) => heatproof('log', '--workspace', path, ...args)
    expect(log('--last', '2').stdout).toMatch(/^entry +table +row +SHA-256\n7 +verdicts +7 +[0-9a-f]{64}\n6 /)
    expect(log('--verify').stdout).toMatch(
      /^7 entries, all as they were written; last SHA-256 [0-9a-f]{64}\n$/,
    )
    expect(log('--head', 'abc').status).toBe(2)
    tamper(path, "UPDATE verdicts SET note = 'x' WHERE id = 5")
    const { status, stderr } = log('--verify')
    expect(status).toBe(1)
    expect(stderr).toContain('verdicts 5 (changed)')
  })
})
