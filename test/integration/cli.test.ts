import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Database } from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { float32FromBlob } from '../../src/engine/workspace/blobs.ts'
import { getMapBytes, listMaps } from '../../src/engine/workspace/maps.ts'
import { openWorkspace } from '../../src/engine/workspace/open.ts'
import { getSample } from '../../src/engine/workspace/samples.ts'
import { slowAuc, slowEntropy, slowGini, slowMass, slowTopAccuracy } from '../unit/metrics/slow-metrics.ts'

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

/** Every score, and the shares and the scores by pixel as text. */
function storedScores(database: Database): unknown[] {
  return [
    ...database.prepare('SELECT map_id, metric, value, state FROM scores ORDER BY map_id, metric').all(),
    ...database
      .prepare('SELECT id, hex(shares) AS shares, hex(pixel_scores) AS pixels FROM maps ORDER BY id')
      .all(),
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

  it('stores with every map what a second computation finds by pixel', () => {
    withDatabase((database) => {
      const ids = database.prepare('SELECT id FROM maps WHERE id % 97 = 0').pluck().all() as number[]
      for (const map of listMaps(database, ids)) {
        const sample = getSample(database, map.sampleId)
        const values = Array.from(float32FromBlob(getMapBytes(database, map.id) ?? new Uint8Array()))
        const strokes = Array.from(sample?.input ?? [], (pixel, at) => {
          const item = Math.floor((at % 84) / 28)
          return Number(Math.round((pixel + 1) * 127.5) >= 64 && sample?.regions[item]?.mark === 1)
        })
        const count = strokes.reduce((sum, stroke) => sum + stroke, 0)
        const scores = new Map(map.pixelScores?.map(({ metric, value }) => [metric, value]))
        expect(scores.get('rank_accuracy')).toBe(slowTopAccuracy(values, strokes, count))
        expect(scores.get('pointing_game')).toBe(slowTopAccuracy(values, strokes, 1))
        expect(scores.get('stroke_auc')).toBeCloseTo(slowAuc(values, strokes), 10)
        const positive = values.map((value) => Math.max(value, 0))
        expect(scores.get('mass_accuracy')).toBeCloseTo(slowMass(positive, strokes), 10)
        expect(scores.get('entropy')).toBeCloseTo(slowEntropy(values), 9)
        expect(scores.get('gini')).toBeCloseTo(slowGini(values), 9)
      }
      expect(ids.length).toBeGreaterThan(20)
    })
  })

  it('scores every map again, whatever the stored scores and shares were', async () => {
    const sound = withDatabase((database) => {
      const before = storedScores(database)
      database.exec('UPDATE scores SET value = 9; UPDATE maps SET shares = zeroblob(24), pixel_scores = NULL')
      return before
    })
    const { code, out } = await heatproof('score', '--workspace', workspace, '--json')
    expect({ code, answer: JSON.parse(out) as unknown }).toEqual({ code: 0, answer: { maps: 3640 } })
    expect(withDatabase(storedScores)).toEqual(sound)
  })

  it.each([
    ['a file that is there', ['init', workspace], /a file at/],
    ['too few verdicts', ['calibrate', '--workspace', workspace], /expected at least 10 of each/],
    ['one version to compare', ['calibrate', '--workspace', workspace, '--compare', '1'], /two versions/],
    [
      'a version that is not there',
      ['calibrate', '--workspace', workspace, '--reproduce', '7'],
      /no version '7'/,
    ],
    [
      'a miss rate above one half',
      ['calibrate', '--workspace', workspace, '--miss-rate', '2'],
      /from 0\.001 to 0\.5/,
    ],
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
