import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PNG } from 'pngjs'
import { beforeAll, describe, expect, test } from 'vitest'
import { bulkData } from '../../../src/engine/api/bulk.ts'
import { FigureRequest } from '../../../src/shared/contract/figures.ts'
import { FIGURE_NAMES, type FigureName } from '../../../src/shared/figures.ts'
import { heatproof } from '../cli/heatproof.ts'
import { makeWorkspace } from '../support/reviewed-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const file = join(folder, 'files.heatproof')
const empty = join(folder, 'empty.heatproof')
const { workspace, database, maps } = makeWorkspace(file, {
  ...{ samples: 6, rows: 4, columns: 12, methods: ['sa', 'gb', 'gi', 'random'] },
  architectures: [
    { architecture: 'deep' },
    { architecture: 'convdeep' },
    { architecture: 'convdeep_lateral' },
  ],
})
const { figure } = bulkData(database, maps)
const request = (name: FigureName) => FigureRequest.parse({ name })

/** How many pixels have another colour than the first one. */
function inkOf({ data }: PNG): number {
  const background = data.readUInt32LE(0)
  return Array.from({ length: data.length / 4 }, (_, pixel) => data.readUInt32LE(4 * pixel)).filter(
    (colour) => colour !== background,
  ).length
}

describe.each(FIGURE_NAMES)('the figure %s', (name) => {
  test('is a PNG as wide as asked, on white or on the dark surface', async () => {
    for (const [theme, red] of [
      ['light', 0xff],
      ['dark', 0x17],
    ] as const) {
      const png = PNG.sync.read(Buffer.from(await figure(request(name), 'png', { theme, width: 800 })))
      expect(png.width).toBe(800)
      expect(png.data[0]).toBe(red)
      expect(inkOf(png)).toBeGreaterThan(2000)
    }
  })

  test('is an SVG of one document, with text as paths and without links to elsewhere', async () => {
    const svg = Buffer.from(await figure(request(name), 'svg', { theme: 'light' })).toString()
    expect(svg).toContain('<path')
    expect(svg).not.toMatch(/<text|href="http/)
    const ids = [...svg.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, used] of svg.matchAll(/url\(#([^)]+)\)/g)) expect(ids).toContain(used)
  })
})

test('a figure that is drawn again is the same bytes', async () => {
  const draw = async () =>
    Buffer.from(await figure(request('metrics'), 'png', { theme: 'light', width: 400 }))
  expect((await draw()).equals(await draw())).toBe(true)
})

describe('on the command line', () => {
  beforeAll(() => {
    workspace.close()
    makeWorkspace(empty, { samples: 1, methods: [], rows: 4, columns: 12 }).workspace.close()
  })
  const inFile = (...args: string[]) => heatproof(...args, '--workspace', file)

  test('figures are written in the format of the ending, and never over a file that is there', () => {
    for (const ending of ['png', 'svg', 'csv']) {
      const out = join(folder, `cosine.${ending}`)
      const { status, stdout, stderr } = inFile('figure', 'cosine', '--out', out)
      expect([status, stderr]).toEqual([0, ''])
      expect(stdout).toContain('Mean cosine similarity of item shares and marks by method over 72 maps')
      expect(readFileSync(out).length).toBeGreaterThan(500)
    }
    const again = inFile('figure', 'cosine', '--out', join(folder, 'cosine.csv'))
    expect([again.status, again.stderr]).toEqual([2, expect.stringContaining('cosine.csv in')])
  })

  test('say their numbers as text and as JSON', () => {
    expect(inFile('figure', 'metrics').stdout).toMatch(/Deep +sa +0\.\d{3} +0\.\d{3} to/)
    const figures = JSON.parse(inFile('figure', 'capped', '--tau', '0.6', '--json').stdout) as { tau: number }
    expect(figures.tau).toBe(0.6)
    expect(heatproof('figure', '--list').stdout.trim().split('\n')).toHaveLength(FIGURE_NAMES.length)
  })

  test('comparisons are printed, and written as CSV and LaTeX', () => {
    expect(inFile('statistics').stdout).toMatch(/sa − gb +6 /)
    for (const [ending, content] of [
      ['csv', 'dataset,within,metric'],
      ['tex', '\\begin{table}'],
    ] as const) {
      const out = join(folder, `tests.${ending}`)
      expect(inFile('statistics', '--compare', 'architectures', '--out', out).status).toBe(0)
      expect(readFileSync(out, 'utf8')).toContain(content)
    }
  })

  test('a workspace without maps is told in words, and nothing is written', () => {
    const out = join(folder, 'none.png')
    const refused = heatproof('figure', 'metrics', '--workspace', empty, '--out', out)
    expect([refused.status, refused.stdout]).toEqual([2, ''])
    expect(refused.stderr).toContain('nothing to draw for the figure metrics: No maps match.')
    expect(existsSync(out)).toBe(false)
    const told = heatproof('figure', 'metrics', '--workspace', empty)
    expect([told.status, told.stdout.trim()]).toEqual([0, 'No maps match.'])
    expect(heatproof('statistics', '--workspace', empty).stdout).toContain('No maps match.')
  })

  test.each([
    [['figure'], 'no figure'],
    [['figure', 'metrics'], 'no --workspace'],
    [['figure', 'cosine', '--workspace', file, '--out', 'x.gif'], '.png, .svg, .csv'],
    [['figure', 'cosine', '--workspace', file, '--metric', 'gini'], 'which has its own'],
    [['figure', 'metrics', '--workspace', file, '--tau', '1.5'], "--tau '1.5'"],
    [['figure', 'metrics', '--workspace', file, '--method', 'nope'], "the method 'nope'"],
    [['statistics', '--workspace', file, '--out', 'x.png'], '.csv, .tex'],
    [['statistics', '--workspace', file, '--over', 'days'], '--over days'],
  ])('%j is refused', (args, message) => {
    const { status, stdout, stderr } = heatproof(...args)
    expect(stderr).toContain(message)
    expect([status, stdout]).toEqual([2, ''])
  })
})
