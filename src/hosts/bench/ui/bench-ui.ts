import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { openWorkspace } from '../../../engine/workspace/open.ts'
import { findChromium } from '../chromium.ts'
import { fillWorkspace, type GeneratedShape } from '../generated-workspace.ts'
import { keyToPicture } from '../key-to-picture.ts'
import { startMeasuredServer } from '../measured-server.ts'
import { firstLoadBytes } from './first-load.ts'
import { gridTimes } from './grid-scroll.ts'
import { largeRows } from './large.ts'
import { addressOf, drawing, onPage } from './page.ts'
import { changeTimes, facetChanges, orderChanges } from './queue-changes.ts'
import { uiRow, type UiReport, type UiRow } from './report.ts'
import { startTime } from './start.ts'
import { verdictStorm } from './storm.ts'

export interface UiOptions {
  /** Maps of the workspace in which everything is measured. */
  maps: number
  /** Maps of the large workspace, which is opened, filtered and paged; 0: none. */
  large: number
  /** How long eight browsers decide; 0: they do not. */
  stormSeconds: number
  /** How often the filters, the orders and the start are gone through. */
  rounds: number
}

const SCREENS = fileURLToPath(new URL('../../../../out/renderer', import.meta.url))
const MODELS = 2
const METHODS = ['sa', 'gb', 'dtd', 'lrp_a1.5b0.5']
const STORM = { browsers: 8, rate: 50 }
/** Pixels are not read when maps are filtered, so those of a large workspace may be few: its file stays below a gigabyte. */
const LARGE_SIZE = { rows: 4, columns: 12 }
/** Twice as many, since a run explains at most 100,000 sequences. */
const LARGE_METHODS = [...METHODS, 'gi', 'sa_const_gates', 'gb_raw_gates', 'lrp_a2b1']

/** Measures what is felt, in a browser on the real server, with generated workspaces of many maps. */
export async function benchUi({ maps, large, stormSeconds, rounds }: UiOptions): Promise<UiReport> {
  const load = (loadavg()[0] ?? 0) / availableParallelism()
  const empty = { load, maps, rows: [], storm: null, large: null }
  const browser = await findChromium(SCREENS)
  if (typeof browser === 'string') return { ...empty, skipped: browser }
  const folder = await mkdtemp(join(tmpdir(), 'heatproof-bench-'))
  const generate = (name: string, count: number, methods: string[], shape: Partial<GeneratedShape> = {}) => {
    const path = join(folder, `${name}.heatproof`)
    const workspace = openWorkspace(path, { create: true })
    fillWorkspace(workspace, { samples: Math.ceil(count / (MODELS * methods.length)), methods, ...shape })
    workspace.close()
    return path
  }
  try {
    const path = generate('ui', maps, METHODS)
    const rows = await feltRows(browser, path, rounds)
    const storm =
      stormSeconds === 0 ? null : await verdictStorm(browser, path, { ...STORM, seconds: stormSeconds })
    if (large === 0) return { ...empty, rows, storm, skipped: '' }
    const largePath = generate('large', large, LARGE_METHODS, LARGE_SIZE)
    const pixels = `${LARGE_SIZE.rows} × ${LARGE_SIZE.columns}`
    const report = { maps: large, pixels, rows: await largeRows(browser, largePath, rounds) }
    return { ...empty, rows, storm, large: report, skipped: '' }
  } finally {
    await browser.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function feltRows(browser: Browser, path: string, rounds: number): Promise<UiRow[]> {
  const starts: number[] = []
  for (let start = 0; start < rounds; start += 1) starts.push(await startTime(browser, path))
  const server = await startMeasuredServer(path)
  const address = (screen: string) => addressOf(server.address, screen)
  try {
    const bytes = await firstLoadBytes(browser, server.address)
    const keys = await keyToPicture(browser, address('/review'))
    const facets = await onPage(browser, address('/review'), (page) =>
      changeTimes(page, facetChanges(rounds)),
    )
    const orders = await onPage(browser, address('/review'), (page) =>
      changeTimes(page, orderChanges(rounds)),
    )
    const everything = drawing({ filter: {}, order: 'worst_first', size: 0 }, 'grid')
    const grid = await onPage(browser, address(everything), gridTimes)
    return [
      uiRow('key press to the next heatmap painted', keys, 50),
      uiRow('filter change to first rows', facets, 150),
      uiRow('sort change to first rows', orders, 150),
      uiRow('grid by the wheel: longest blank row', grid.wheel, 100),
      uiRow('grid by jumps: longest blank row', grid.jumps, 100),
      uiRow('grid by its scroll bar: longest blank row', grid.drags, 100),
      uiRow('start on a workspace to the first heatmap', starts, 2000),
      uiRow('first load of the renderer, compressed', [bytes / 1000], 250, 'kB'),
    ]
  } finally {
    await server.close()
  }
}
