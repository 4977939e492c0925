import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openWorkspace } from '../../src/engine/workspace/open.ts'
import { fillWorkspace } from '../../src/hosts/bench/generated-workspace.ts'
import { verdictStorm } from '../../src/hosts/bench/ui/storm.ts'
import { launchBrowser } from './support/browser.ts'

it('eight browsers decide at once: nothing is lost, nothing doubled, and each order is kept', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'heatproof-storm-'))
  const browser = await launchBrowser()
  try {
    const path = join(folder, 'storm.heatproof')
    const workspace = openWorkspace(path, { create: true })
    fillWorkspace(workspace, { samples: 60, pixelScores: false })
    workspace.close()
    const storm = await verdictStorm(browser, path, { browsers: 8, seconds: 4, rate: 50 })
    expect(storm).toMatchObject({ lost: 0, doubled: 0, inOrder: 8, stored: storm.pressed })
    expect(storm.stored).toBeGreaterThan(20)
  } finally {
    await browser.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
