import Sqlite from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { hasTau } from '../../../src/engine/metrics/score.ts'
import {
  migrate,
  MIGRATIONS,
  WORKSPACE_VERSION,
} from '../../../src/engine/workspace/migrations/migrations.ts'
import { verifyAuditLog } from '../../../src/engine/workspace/audit-log.ts'
import { METRICS } from '../../../src/shared/names.ts'

const versionOf = (database: Sqlite.Database) => database.pragma('user_version', { simple: true })
const tablesOf = (database: Sqlite.Database) =>
  database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck().all()

describe('migrations', () => {
  test('are numbered 1, 2, 3, …', () => {
    expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, index) => index + 1))
    expect(WORKSPACE_VERSION).toBe(MIGRATIONS.length)
  })

  test('1, first tables: makes every table of the first version, all of them strict', () => {
    const database = new Sqlite(':memory:')
    migrate(database, MIGRATIONS.slice(0, 1))
    expect(versionOf(database)).toBe(1)
    expect(tablesOf(database)).toEqual([
      'activations',
      'calibrations',
      'checkpoints',
      'curve_points',
      'decisions',
      'exports',
      'jobs',
      'latest_verdicts',
      'map_values',
      'maps',
      'models',
      'predictions',
      'queues',
      'regions',
      'runs',
      'sample_sets',
      'samples',
      'scores',
      'settings',
      'verdicts',
    ])
    const loose = database.prepare(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite%'",
    )
    expect(loose.all()).toEqual([])
    expect(database.pragma('foreign_key_check')).toEqual([])
  })

  test('2, scores without tau: drops the stored scores that depend on the calibration, and no others', () => {
    const database = new Sqlite(':memory:')
    migrate(database, MIGRATIONS.slice(0, 1))
    database.pragma('foreign_keys = OFF')
    const insertScore = database.prepare("INSERT INTO scores VALUES (?, ?, 0.5, 'ok')")
    for (const mapId of [1, 2]) for (const metric of METRICS) insertScore.run(mapId, metric)
    migrate(database, MIGRATIONS.slice(0, 2))
    expect(versionOf(database)).toBe(2)
    const left = database.prepare('SELECT DISTINCT metric FROM scores').pluck().all()
    expect(left.toSorted()).toEqual(METRICS.filter((metric) => !hasTau(metric)).toSorted())
    expect(database.prepare('SELECT count(*) FROM scores').pluck().get()).toBe(2 * left.length)
  })

  test('3, sanity checks: jobs keep their rows and what refers to them, and can be of any kind', () => {
    const database = new Sqlite(':memory:')
    database.pragma('foreign_keys = ON')
    migrate(database, MIGRATIONS.slice(0, 2))
    database.exec(`
      INSERT INTO jobs (id, kind, title, request_json, status, done, unit, error, created_at)
      VALUES (4, 'train', 'Train', '{}', 'cancelled', 7.5, 'steps', 'why', 'now'), (9, 'export', 'Export', '{}', 'done', 1, 'maps', NULL, 'now');
      INSERT INTO checkpoints VALUES (4, 1, 10, 'now', x'01');
      INSERT INTO curve_points VALUES (4, 10, 1, 0.5, 0.9, NULL);`)
    const jobs = database.prepare('SELECT * FROM jobs').all()
    migrate(database, MIGRATIONS.slice(0, 3))
    expect(database.prepare('SELECT * FROM jobs').all()).toEqual(jobs)
    expect(database.pragma('foreign_key_check')).toEqual([])
    expect(() => database.exec('DELETE FROM jobs WHERE id = 4')).toThrow('FOREIGN KEY')
    database.exec(
      "INSERT INTO jobs (id, kind, title, request_json, status, unit, created_at) VALUES (10, 'sanity', '', '{}', 'queued', '', '')",
    )
    expect(tablesOf(database)).toEqual(
      expect.arrayContaining(['sanity_checks', 'sanity_stages', 'sanity_values']),
    )
    expect(database.prepare('SELECT count(*) FROM sqlite_temp_schema').pluck().get()).toBe(0)
  })

  test('3, sanity checks: what is stored of a check is never changed or deleted', () => {
    const database = new Sqlite(':memory:')
    migrate(database, MIGRATIONS.slice(0, 3))
    database.pragma('foreign_keys = OFF')
    database.exec(`
      INSERT INTO sanity_checks VALUES (1, 1, 1, NULL, 1, '{}', '[]', 'now');
      INSERT INTO sanity_stages VALUES (1, 0, 'original', 0.9, 'wasm', 'CPU', '{}', 1, 'now');
      INSERT INTO sanity_values VALUES (1, 0, 'sa', 'ssim', 1, 1, 1, 5, 0, 0);`)
    for (const table of ['sanity_checks', 'sanity_stages', 'sanity_values']) {
      expect(() => database.exec(`DELETE FROM ${table}`)).toThrow('never deleted')
    }
    expect(() => database.exec("UPDATE sanity_checks SET created_at = ''")).toThrow('never changed')
    expect(() => database.exec('UPDATE sanity_stages SET accuracy = 1')).toThrow('never changed')
    expect(() => database.exec('UPDATE sanity_values SET mean = 0')).toThrow('never changed')
  })

  test('4, checks of maps: older maps have none', () => {
    const database = new Sqlite(':memory:')
    migrate(database, MIGRATIONS.slice(0, 3))
    database.pragma('foreign_keys = OFF')
    database.exec(`INSERT INTO maps VALUES
      (1, 1, 1, 1, 'dtd', 0, 'label', 0, 1, 1, 1, 1, 0, 1, 0, 'ok', x'', x'', '2026-01-01T00:00:00Z')`)
    migrate(database, MIGRATIONS.slice(0, 4))
    expect(versionOf(database)).toBe(4)
    expect(database.prepare('SELECT method, checks_json FROM maps').all()).toEqual([
      { method: 'dtd', checks_json: null },
    ])
  })

  test('5, scores by pixel: older maps have none', () => {
    const database = new Sqlite(':memory:')
    migrate(database, MIGRATIONS.slice(0, 4))
    database.pragma('foreign_keys = OFF')
    database.exec(`INSERT INTO maps (id, run_id, sample_id, model_id, method, target, target_kind, seed, logit, total,
        absolute, low, high, state, shares, shares_positive, created_at)
      VALUES (1, 1, 1, 1, 'dtd', 0, 'label', 0, 1, 1, 1, 0, 1, 'ok', x'', x'', '2026-01-01T00:00:00Z')`)
    migrate(database, MIGRATIONS.slice(0, 5))
    expect(versionOf(database)).toBe(5)
    expect(database.prepare('SELECT method, pixel_scores FROM maps').all()).toEqual([
      { method: 'dtd', pixel_scores: null },
    ])
  })

  test('6, classes as targets: runs and maps keep their rows and what refers to them, and can have any class', () => {
    const database = new Sqlite(':memory:')
    database.pragma('foreign_keys = ON')
    migrate(database, MIGRATIONS.slice(0, 5))
    database.exec(`
      INSERT INTO sample_sets VALUES (3, 'set', 'mnist-3-digits-maj', 'test', 1, 3, 0, '{}', 'now');
      INSERT INTO samples VALUES (5, 3, 0, 7, 1, 1, '{}', x'00000000');
      INSERT INTO models VALUES (2, 'm', 'deep', 0, 'd', 12, 1, 3, 'hash', 0.9, 1, 'shipped', '{}', 'now', x'01');
      INSERT INTO jobs (id, kind, title, request_json, status, unit, created_at) VALUES (6, 'explain', '', '{}', 'done', '', '');
      INSERT INTO runs VALUES
        (4, 'Run', 3, 1, '{"count":1}', '[2]', '["dtd"]', 'label', 0, 'wasm', 'CPU', '{"heatproof":"0.1.0"}', 1.5, 6, 'then', 'now'),
        (8, 'Second', 3, 1, '{}', '[2]', '["dtd"]', 'predicted', 1, NULL, NULL, '{}', NULL, NULL, 'then', NULL);
      INSERT INTO maps VALUES
        (9, 4, 5, 2, 'dtd', 7, 'label', 0, 1.5, 2.5, 3.5, 4.5, -1, 1, 0.25, 'ok', x'0a', x'0b', 'now', '{"kept":null}', x'0c'),
        (11, 8, 5, 2, 'dtd', 7, 'predicted', 1, 1, NULL, 1, 1, 0, 1, NULL, 'warning', x'01', x'02', 'now', NULL, NULL);
      INSERT INTO map_values VALUES (9, x'0000803f');
      INSERT INTO scores VALUES (9, 'percentage', 0.5, 'ok');
      INSERT INTO decisions VALUES (1, 'Ada', 'done');
      INSERT INTO verdicts VALUES (1, 9, 'Ada', 'fail', '["other"]', '', NULL, NULL, NULL, 0, 1, 'decide', 'now');`)
    const rowsOf = () =>
      ['runs', 'maps', 'map_values', 'scores', 'verdicts', 'latest_verdicts'].map((table) =>
        database.prepare(`SELECT * FROM ${table}`).all(),
      )
    const before = rowsOf()
    migrate(database, MIGRATIONS.slice(0, 6))
    expect(versionOf(database)).toBe(6)
    expect(rowsOf()).toEqual(before)
    expect(database.pragma('foreign_key_check')).toEqual([])
    expect(() => database.exec('DELETE FROM runs WHERE id = 4')).toThrow('FOREIGN KEY')
    expect(() => database.exec('DELETE FROM maps WHERE id = 9')).toThrow('FOREIGN KEY')
    expect(database.prepare('SELECT count(*) FROM sqlite_temp_schema').pluck().get()).toBe(0)

    const copy = (id: number, target: number, kind: string) =>
      database.exec(`INSERT INTO maps SELECT ${id}, run_id, sample_id, model_id, method, ${target}, '${kind}', seed, logit, started,
        total, absolute, low, high, conservation, state, shares, shares_positive, created_at, checks_json, pixel_scores
        FROM maps WHERE id = 9`)
    copy(12, 3, 'class')
    expect(() => copy(13, 3, 'class')).toThrow('UNIQUE')
    expect(() => copy(13, 4, 'other')).toThrow('CHECK')
    const retarget = (target: string) => database.exec(`UPDATE runs SET target = '${target}' WHERE id = 8`)
    retarget('12')
    for (const wrong of ['', 'other', '-1', '1.5', '7.0'])
      expect(() => retarget(wrong), wrong).toThrow('CHECK')
  })

  test('13, imported samples: older sets, samples and maps keep their rows, and sets can be imported', () => {
    const database = new Sqlite(':memory:')
    database.pragma('foreign_keys = ON')
    migrate(database, MIGRATIONS.slice(0, 12))
    database.exec(`
      INSERT INTO sample_sets VALUES (3, 'set', 'mnist-3-digits-maj', 'test', 1, 3, 0, '{}', 'now');
      INSERT INTO samples VALUES (5, 3, 0, 7, 1, 1, '{}', x'00000000');
      INSERT INTO regions VALUES (5, 0, 'item 1', 0, 0, 1, 1, 1, 7);
      INSERT INTO models VALUES (2, 'm', 'deep', 0, 'd', 12, 1, 3, 'hash', 0.9, 1, 'shipped', '{}', 'now', x'01');
      INSERT INTO runs VALUES (4, 'Run', 3, 1, '{}', '[2]', '["dtd"]', 'label', 0, NULL, NULL, '{}', NULL, NULL, 'now', NULL, NULL);
      INSERT INTO maps VALUES (9, 4, 5, 2, 'dtd', 7, 'label', 0, 1.5, 2.5, 3.5, 4.5, -1, 1, 0.25, 'ok', x'0a', x'0b', 'now', NULL, NULL);`)
    const rowsOf = (table: string) => database.prepare(`SELECT * FROM ${table}`).all()
    const [sets, maps] = [rowsOf('sample_sets'), rowsOf('maps')]
    migrate(database, MIGRATIONS.slice(0, 13))
    expect(versionOf(database)).toBe(13)
    expect([rowsOf('sample_sets'), rowsOf('maps')]).toEqual([sets, maps])
    expect(rowsOf('samples')).toMatchObject([{ id: 5, label: 7, channels: 1 }])
    expect(rowsOf('regions')).toMatchObject([{ name: 'item 1', label: 7, filled: 0, mask: null }])
    expect(database.pragma('foreign_key_check')).toEqual([])
    expect(() => database.exec('DELETE FROM sample_sets WHERE id = 3')).toThrow('FOREIGN KEY')

    const add = (split: string) =>
      database.exec(`INSERT INTO sample_sets VALUES (NULL, 'set', 'cats', '${split}', 0, 0, 0, '{}', 'now')`)
    add('imported')
    expect(() => add('imported')).toThrow('UNIQUE')
    expect(() => add('all')).toThrow('CHECK')
    database.exec('UPDATE maps SET logit = NULL WHERE id = 9')
    expect(() => database.exec('UPDATE samples SET channels = 0')).toThrow('CHECK')
  })

  test('7, origins of queues: every map of an older queue has the probability with which it was drawn', () => {
    const database = new Sqlite(':memory:')
    migrate(database, MIGRATIONS.slice(0, 6))
    database.pragma('foreign_keys = OFF')
    database.exec(`
      INSERT INTO queues (id, request_json, matching, length, random_probability, created_at, map_ids, random_flags) VALUES
        (1, '{}', 9, 3, 0.25, 'now', x'010000000200000003000000', x'000100'),
        (2, '{}', 0, 0, 1, 'now', x'', x'');
      INSERT INTO verdicts (id, map_id, reviewer, verdict, modes_json, note, drawn_at_random, decision_id, "action", created_at)
      VALUES (1, 1, 'Ada', 'accept', '[]', '', 0, 1, 'decide', 'now');`)
    migrate(database, MIGRATIONS.slice(0, 7))
    expect(versionOf(database)).toBe(7)
    const queues = database.prepare('SELECT hex(origins), probabilities FROM queues').raw().all()
    expect(queues).toEqual([
      ['000100', Buffer.from(Float64Array.of(1, 0.25, 1).buffer)],
      ['', Buffer.alloc(0)],
    ])
    expect(database.prepare('SELECT position, blind FROM verdicts').raw().all()).toEqual([[null, 0]])
    expect(() => database.exec('UPDATE verdicts SET blind = 1')).toThrow('never changed')
  })

  test('8, search and filters: notes of older verdicts are found, and those of new ones', () => {
    const database = new Sqlite(':memory:')
    migrate(database, MIGRATIONS.slice(0, 7))
    database.pragma('foreign_keys = OFF')
    const insert = database.prepare(`
      INSERT INTO verdicts (map_id, reviewer, verdict, modes_json, note, drawn_at_random, decision_id, "action", created_at)
      VALUES (1, 'Ada', 'accept', '[]', ?, 0, 1, 'decide', 'now')`)
    for (const note of ['a smear', '']) insert.run(note)
    migrate(database, MIGRATIONS.slice(0, 8))
    for (const note of ['', 'smears again']) insert.run(note)
    const found = database
      .prepare("SELECT rowid FROM verdict_notes WHERE verdict_notes MATCH 'smear*'")
      .pluck()
    expect(found.all()).toEqual([1, 4])
    expect(() =>
      database.exec("INSERT INTO verdict_notes (verdict_notes) VALUES ('integrity-check')"),
    ).not.toThrow()
    expect(tablesOf(database)).toContain('saved_filters')
  })

  test('9, reviewers: older decisions stay and have no request; a token can be kept as a hash alone', () => {
    const database = new Sqlite(':memory:')
    migrate(database, MIGRATIONS.slice(0, 8))
    database.exec("INSERT INTO decisions (reviewer, state) VALUES ('Ada', 'done'), ('Ada', 'undone')")
    migrate(database, MIGRATIONS.slice(0, 9))
    const decisions = database.prepare('SELECT reviewer, state, request_id FROM decisions').raw()
    expect(decisions.all()).toEqual([
      ['Ada', 'done', null],
      ['Ada', 'undone', null],
    ])
    const decide = database.prepare(
      "INSERT INTO decisions (reviewer, state, request_id) VALUES (?, 'done', 'r')",
    )
    decide.run('Ada')
    decide.run('Bob')
    expect(() => decide.run('Ada')).toThrow('UNIQUE')
    const invite = database.prepare(
      "INSERT INTO reviewers (name, role, token_hash, created_at) VALUES (?, ?, ?, 'now')",
    )
    invite.run('Ada', 'lead', new Uint8Array(32))
    expect(() => invite.run('ADA', 'lead', new Uint8Array(32).fill(1))).toThrow('UNIQUE')
    expect(() => invite.run('Bob', 'owner', new Uint8Array(32).fill(1))).toThrow('CHECK')
    expect(() => invite.run('Bob', 'lead', new Uint8Array(31))).toThrow('CHECK')
  })

  test('10, verdicts on groups: older verdicts went to no group, and groups are never changed or deleted', () => {
    const database = new Sqlite(':memory:')
    migrate(database, MIGRATIONS.slice(0, 9))
    database.pragma('foreign_keys = OFF')
    database.exec(`
      INSERT INTO verdicts (map_id, reviewer, verdict, modes_json, note, drawn_at_random, decision_id, "action", created_at)
      VALUES (1, 'Ada', 'accept', '[]', '', 0, 1, 'decide', 'now')`)
    migrate(database, MIGRATIONS.slice(0, 10))
    expect(database.prepare('SELECT group_id FROM verdicts').pluck().all()).toEqual([null])
    database.exec("INSERT INTO verdict_groups VALUES (1, 1, 4, 0, 1, 0, 9, '[1]', '[]', 'now')")
    expect(() => database.exec('DELETE FROM verdict_groups')).toThrow('never deleted')
    expect(() => database.exec('UPDATE verdict_groups SET size = 2')).toThrow('never changed')
  })

  test('11, removed runs: maps keep their rows and what refers to them, and no id is used again', () => {
    const database = new Sqlite(':memory:')
    database.pragma('foreign_keys = ON')
    migrate(database, MIGRATIONS.slice(0, 10))
    database.exec(`
      INSERT INTO sample_sets VALUES (3, 'set', 'mnist-3-digits-maj', 'test', 1, 3, 0, '{}', 'now');
      INSERT INTO samples VALUES (5, 3, 0, 7, 1, 1, '{}', x'00000000');
      INSERT INTO models VALUES (2, 'm', 'deep', 0, 'd', 12, 1, 3, 'hash', 0.9, 1, 'shipped', '{}', 'now', x'01');
      INSERT INTO runs VALUES (4, 'Run', 3, 1, '{}', '[2]', '["dtd"]', 'label', 0, NULL, NULL, '{}', NULL, NULL, 'then', NULL);
      INSERT INTO maps VALUES
        (9, 4, 5, 2, 'dtd', 7, 'label', 0, 1.5, 2.5, 3.5, 4.5, -1, 1, 0.25, 'ok', x'0a', x'0b', 'now', '{"kept":null}', x'0c'),
        (11, 4, 5, 2, 'sa', 7, 'label', 0, 1, NULL, 1, 1, 0, 1, NULL, 'warning', x'01', x'02', 'now', NULL, NULL);
      INSERT INTO map_values VALUES (9, x'0000803f');
      INSERT INTO decisions (id, reviewer, state) VALUES (1, 'Ada', 'done');
      INSERT INTO verdicts (map_id, reviewer, verdict, modes_json, note, drawn_at_random, decision_id, "action", created_at)
        VALUES (9, 'Ada', 'accept', '[]', '', 0, 1, 'decide', 'now');`)
    const mapsOf = () => database.prepare('SELECT * FROM maps').all()
    const before = mapsOf()
    migrate(database, MIGRATIONS.slice(0, 11))
    expect(versionOf(database)).toBe(11)
    expect(mapsOf()).toEqual(before)
    expect(database.prepare('SELECT removed_at FROM runs').pluck().all()).toEqual([null])
    expect(database.pragma('foreign_key_check')).toEqual([])
    expect(() => database.exec('DELETE FROM maps WHERE id = 9')).toThrow('FOREIGN KEY')
    database.exec('DELETE FROM maps WHERE id = 11')
    database.exec(`
       INSERT INTO maps (run_id, sample_id, model_id, method, target, target_kind, seed, logit, total, absolute, low, high,
         state, shares, shares_positive, created_at)
       SELECT run_id, sample_id, model_id, 'gb', target, target_kind, seed, logit, total, absolute, low, high, state, shares,
         shares_positive, created_at FROM maps WHERE id = 9`)
    expect(database.prepare('SELECT max(id) FROM maps').pluck().get()).toBe(12)
  })

  test('15, analyses of maps: older groups have none and keep their entries in the log, new ones vouch for theirs', () => {
    const database = new Sqlite(':memory:')
    migrate(database, MIGRATIONS.slice(0, 14))
    database.pragma('foreign_keys = OFF')
    database.exec("INSERT INTO verdict_groups VALUES (1, 1, 4, 0, 1, 0, 9, '[1]', '[]', 'now')")
    migrate(database, MIGRATIONS.slice(0, 15))
    database.exec(`
      INSERT INTO map_analyses VALUES (3, 1, 'clustering', 'k', 1);
      INSERT INTO verdict_groups VALUES (2, 1, 4, 0, 1, 0, 9, '[1]', '[]', 'now', NULL), (4, 1, 4, 0, 1, 0, 9, '[1]', '[]', 'now', 3)`)
    expect(verifyAuditLog(database)).toMatchObject({ entries: 3, faults: [] })
    database.exec(`
      DROP TRIGGER verdict_groups_keep_content;
      UPDATE verdict_groups SET analysis_id = 3 WHERE id < 3; UPDATE verdict_groups SET analysis_id = NULL WHERE id = 4`)
    expect(verifyAuditLog(database).faults.map(({ rowId }) => rowId)).toEqual([1, 2, 4])
    const add = (row: string) => database.exec(`INSERT INTO map_analysis_rows VALUES (3, ${row})`)
    add("1, 'a', NULL")
    expect(() => add("1, 'b', NULL")).toThrow('UNIQUE')
    expect(() => add('2, NULL, NULL')).toThrow('CHECK')
    expect(() => add("2, 'b', x'00'")).toThrow('CHECK')
    expect(() => database.exec("UPDATE map_analysis_rows SET cluster = 'b'")).toThrow('never changed')
    expect(() => database.exec("INSERT INTO map_analyses VALUES (4, 1, 'clustering', 'k', 1)")).toThrow(
      'UNIQUE',
    )
  })

  test('16, scores without regions: what no region says is undefined, and all other scores stay', () => {
    const database = new Sqlite(':memory:')
    migrate(database, MIGRATIONS.slice(0, 15))
    database.pragma('foreign_keys = OFF')
    const columns = `run_id, sample_id, model_id, method, target, target_kind, seed, logit, total, absolute, low, high, state,
      shares_positive, created_at, id, shares`
    const values = "1, 1, 1, 'sa', 0, 'label', 0, 0, 0, 0, 0, 0, 'ok', x'', 'now'"
    database.exec(`
      INSERT INTO maps (${columns}) VALUES (${values}, 1, x'');
      INSERT INTO maps (${columns}) VALUES (${values.replace('sa', 'gi')}, 2, zeroblob(8));
      INSERT INTO scores VALUES (1, 'percentage', 0, 'no_relevance'), (1, 'dominance', NULL, 'undefined'),
        (2, 'percentage', 0, 'no_relevance'), (2, 'cosine', 0.5, 'ok')`)
    migrate(database, MIGRATIONS.slice(0, 16))
    expect(versionOf(database)).toBe(16)
    expect(database.prepare('SELECT * FROM scores ORDER BY map_id, metric').raw().all()).toEqual([
      [1, 'dominance', null, 'undefined'],
      [1, 'percentage', null, 'undefined'],
      [2, 'cosine', 0.5, 'ok'],
      [2, 'percentage', 0, 'no_relevance'],
    ])
  })

  test('run once: what the file has is not run again', () => {
    const database = new Sqlite(':memory:')
    const ran: number[] = []
    const steps = [1, 2, 3].map((version) => ({
      version,
      title: `step ${version}`,
      up: () => void ran.push(version),
    }))
    migrate(database, steps.slice(0, 2))
    migrate(database, steps)
    migrate(database, steps)
    expect(ran).toEqual([1, 2, 3])
    expect(versionOf(database)).toBe(3)
  })

  test('a step that fails leaves neither its tables nor its number', () => {
    const database = new Sqlite(':memory:')
    const steps = [
      {
        version: 1,
        title: 'good',
        up: (db: Sqlite.Database) => void db.exec('CREATE TABLE good (id INTEGER)'),
      },
      {
        version: 2,
        title: 'bad',
        up: (db: Sqlite.Database) =>
          void db.exec('CREATE TABLE half (id INTEGER); CREATE TABLE good (id INTEGER)'),
      },
    ]
    expect(() => migrate(database, steps)).toThrow('already exists')
    expect(versionOf(database)).toBe(1)
    expect(tablesOf(database)).toEqual(['good'])
  })
})
