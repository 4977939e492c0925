import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import chromium from '@sparticuz/chromium'
import { beforeAll, describe, expect, test } from 'vitest'
import { openWorkspace } from '../../../src/engine/workspace/open.ts'
import { heatproof, heatproofIn } from '../cli/heatproof.ts'
import { makeWorkspace } from '../support/reviewed-workspace.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const file = join(folder, 'report.heatproof')
const empty = join(folder, 'empty.heatproof')
const SIZE = { rows: 4, columns: 12 }

beforeAll(() => {
  makeWorkspace(file, { ...SIZE, samples: 6, methods: ['sa', 'gb', 'gi'] }).workspace.close()
  openWorkspace(empty, { create: true }).close()
})

describe('heatproof report', () => {
  test('writes one page with all figures that there are maps for, and never over a file', () => {
    const out = join(folder, 'report.html')
    const { status, stdout } = heatproof('report', '--workspace', file, '--out', out, '--json')
    expect(status).toBe(0)
    const { figures, notDrawn } = JSON.parse(stdout) as { figures: string[]; notDrawn: string[] }
    expect(notDrawn).toEqual(['lateral'])
    expect(readFileSync(out, 'utf8').match(/src="data:image\/png/g)).toHaveLength(figures.length)
    expect(figures).toHaveLength(9)
    expect(heatproof('report', '--workspace', file, '--out', out).status).toBe(2)
  })

  test('of a workspace without maps says so, figure by figure', () => {
    const out = join(folder, 'empty.html')
    expect(heatproof('report', '--workspace', empty, '--out', out).status).toBe(0)
    expect(readFileSync(out, 'utf8').match(/Not drawn\. No maps match\./g)).toHaveLength(10)
  })

  test('prints a PDF with a browser of the machine', async () => {
    const out = join(folder, 'report.pdf')
    const environment = { CHROME_PATH: await chromium.executablePath() }
    const args = ['report', '--workspace', file, '--out', out]
    const { status, stderr } = await heatproofIn({ folder, environment }, args)
    expect([status, stderr]).toEqual([0, ''])
    expect(readFileSync(out).subarray(0, 5).toString()).toBe('%PDF-')
  })

  test('without a browser says in one line what to do, and writes nothing', async () => {
    const out = join(folder, 'none.pdf')
    const args = ['report', '--workspace', file, '--out', out]
    const refused = await heatproofIn({ folder, environment: { CHROME_PATH: '/nowhere/chrome' } }, args)
    expect(refused.status).toBe(1)
    expect(refused.stderr.trim().split('\n')).toEqual([expect.stringContaining('/nowhere/chrome; expected')])
    expect(existsSync(out)).toBe(false)
  })
})
