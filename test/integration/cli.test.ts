import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Database } from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorkspace } from '../../src/engine/workspace/open.ts'

const CLI = fileURLToPath(new URL('../../src/hosts/cli.ts', import.meta.url))

const folder = mkdtempSync(join(tmpdir(), 'heatproof-cli-'))
const workspace = join(folder, 'digits.heatproof')
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

function heatproof(...args: string[]): Promise<{ code: number; out: string; error: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [CLI, ...args], { cwd: folder }, (_, out, error) => {
      resolve({ code: child.exitCode ?? -1, out, error })
    })
  })
}

function withDatabase<Result>(use: (database: Database) => Result): Result {
  const opened = openWorkspace(workspace)
  try {
    return use(opened.database)
  } finally {
    opened.close()
  }
}

/** Every score, and the shares as text. */
function storedScores(database: Database): unknown[] {
  return [
    ...database.prepare('SELECT map_id, metric, value, state FROM scores ORDER BY map_id, metric').all(),
    ...database.prepare('SELECT id, hex(shares) AS shares FROM maps ORDER BY id').all(),
  ]
}

describe('the command line on a workspace', () => {
  beforeAll(async () => {
    const made = await heatproof('init', '--sample', '--json', workspace)
    expect(made).toMatchObject({ code: 0 })
  })

  it('explains what is missing, once', async () => {
    const args = ['explain', '--workspace', workspace, '--methods', 'dtd,sa', '--count', '210', '--json']
    for (let time = 0; time < 2; time += 1) {
      const { code, out } = await heatproof(...args)
      expect(code).toBe(0)
      expect(JSON.parse(out)).toMatchObject({ maps: 840, mapsExpected: 840 })
    }
  })

  it('scores every map again, whatever the stored scores and shares were', async () => {
    const sound = withDatabase((database) => {
      const before = storedScores(database)
      database.exec('UPDATE scores SET value = 9; UPDATE maps SET shares = zeroblob(24)')
      return before
    })
    const { code, out } = await heatproof('score', '--workspace', workspace, '--json')
    expect({ code, answer: JSON.parse(out) as unknown }).toEqual({ code: 0, answer: { maps: 3640 } })
    expect(withDatabase(storedScores)).toEqual(sound)
  })

  it.each([
    ['a file that is there', ['init', workspace], /a file at/],
    ['too few verdicts', ['calibrate', '--workspace', workspace], /expected at least 10 of each/],
    [
      'an unknown method',
      ['explain', '--workspace', workspace, '--methods', 'nonsense'],
      /unknown|'nonsense'/,
    ],
    ['an unknown model', ['explain', '--workspace', workspace, '--models', 'nobody'], /no model 'nobody'/],
    ['a count out of range', ['explain', '--workspace', workspace, '--count', '0'], /count/],
    ['steps that divide nothing', ['train', '--workspace', workspace, '--steps', '5'], /5 steps/],
    [
      'a workspace that is missing',
      ['score', '--workspace', join(folder, 'none.heatproof')],
      /none\.heatproof/,
    ],
  ])('refuses %s with exit code 2 and leaves nothing behind', async (_, args, message) => {
    const before = readdirSync(folder)
    const { code, error } = await heatproof(...args)
    expect(error).toMatch(message)
    expect(code).toBe(2)
    expect(readdirSync(folder)).toEqual(before)
  })
})
