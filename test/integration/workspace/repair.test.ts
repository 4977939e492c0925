import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import { repairWorkspace, type RepairedTable } from '../../../src/engine/workspace/repair.ts'
import { decision, makeWorkspace } from '../support/reviewed-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const place = (name: string) => join(folder, `${name}.heatproof`)
const PAGE = 4096

/** 60 maps of one model and two methods, 40 verdicts with long notes, so that they fill several pages; five are undone. */
async function makeReviewed(name: string): Promise<string> {
  const path = place(name)
  const { workspace, review } = makeWorkspace(path, {
    rows: 28,
    columns: 84,
    samples: 30,
    architectures: [{ architecture: 'deep' }],
    methods: ['sa', 'gb'],
  })
  for (let mapId = 1; mapId <= 40; mapId += 1) {
    await review['review.decide']({
      ...decision('Ada', [mapId], 'fail'),
      note: `note ${mapId} ${'long '.repeat(100)}`,
    })
  }
  for (let turn = 0; turn < 5; turn += 1) await review['review.undo']({ reviewer: 'Ada' })
  workspace.close()
  return path
}

/** Overwrites the pages that hold a table's rows, or some of them. */
function damage(path: string, table: string, choose: (pages: number[]) => number[]): number {
  const database = new Sqlite(path)
  const pages = database
    .prepare("SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY pageno")
    .pluck()
    .all(table) as number[]
  database.close()
  const chosen = choose(pages)
  const bytes = readFileSync(path)
  for (const page of chosen) bytes.fill(0xff, (page - 1) * PAGE, page * PAGE)
  writeFileSync(path, bytes)
  return chosen.length
}

const rowsOf = (path: string, sql: string): unknown[] => {
  const workspace = openWorkspace(path)
  try {
    return workspace.database.prepare(sql).all()
  } finally {
    workspace.close()
  }
}

const foundIn = (tables: readonly RepairedTable[], name: string) => tables.find(({ table }) => table === name)

describe('repairing a workspace', () => {
  test('copies a whole one row by row, with what triggers keep', async () => {
    const path = await makeReviewed('whole')
    const before = readFileSync(path)
    const tables = repairWorkspace(path, place('whole-copy'))
    expect(before.equals(readFileSync(path))).toBe(true)
    expect(tables.filter(({ unreadable, unfit }) => unreadable + unfit > 0)).toEqual([])
    for (const sql of [
      'SELECT * FROM maps',
      'SELECT * FROM map_values',
      'SELECT * FROM verdicts',
      'SELECT * FROM latest_verdicts',
      "SELECT rowid FROM verdict_notes WHERE verdict_notes MATCH '17'",
    ]) {
      const rows = rowsOf(path, sql)
      expect(rows.length).toBeGreaterThan(0)
      expect(rowsOf(place('whole-copy'), sql)).toEqual(rows)
    }
  })

  test('loses the rows of a damaged page and no others', async () => {
    const path = await makeReviewed('page')
    const whole = rowsOf(path, 'SELECT * FROM verdicts')
    damage(path, 'verdicts', (pages) => pages.slice(1, 2))
    expect(() => rowsOf(path, 'SELECT * FROM verdicts')).toThrow()
    const verdicts = foundIn(repairWorkspace(path, place('page-copy')), 'verdicts')
    expect(verdicts).toMatchObject({ unreadable: 1, unfit: 0 })
    const saved = rowsOf(place('page-copy'), 'SELECT * FROM verdicts')
    expect(saved.length).toBe(verdicts?.saved)
    expect(saved.length).toBeLessThan(whole.length)
    expect(saved.length).toBeGreaterThan(whole.length / 2)
    expect(whole).toEqual(expect.arrayContaining(saved))
  })

  test('saves what lies before, between and behind several damaged places', async () => {
    const path = await makeReviewed('places')
    const whole = rowsOf(path, 'SELECT id FROM verdicts').length
    damage(path, 'verdicts', (pages) => [...pages.slice(0, 1), ...pages.slice(2, 3), ...pages.slice(-1)])
    const verdicts = foundIn(repairWorkspace(path, place('places-copy')), 'verdicts')
    expect(verdicts?.unreadable).toBe(3)
    expect(verdicts?.saved).toBeGreaterThan(0)
    expect(verdicts?.saved).toBeLessThan(whole)
  })

  test('leaves out what refers to a lost row, and the new file is sound', async () => {
    const path = await makeReviewed('references')
    damage(path, 'maps', (pages) => pages.slice(0, 1))
    const tables = repairWorkspace(path, place('references-copy'))
    expect(foundIn(tables, 'maps')?.unreadable).toBe(1)
    expect(foundIn(tables, 'verdicts')?.unfit).toBeGreaterThan(0)
    expect(rowsOf(place('references-copy'), 'PRAGMA foreign_key_check')).toEqual([])
    expect(rowsOf(place('references-copy'), 'PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }])
  })

  test('refuses what is no workspace, what is not there, and a name that is taken', async () => {
    const path = await makeReviewed('refusals')
    expect(() => repairWorkspace(place('none'), place('out'))).toThrow(/no file/)
    expect(() => repairWorkspace(path, path)).toThrow(/a file at/)
    writeFileSync(place('text'), 'dear diary\n'.repeat(100))
    expect(() => repairWorkspace(place('text'), place('out'))).toThrow(/another kind/)
    expect(existsSync(place('out'))).toBe(false)
  })
})
