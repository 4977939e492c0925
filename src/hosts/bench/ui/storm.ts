import { setTimeout } from 'node:timers/promises'
import type { Browser, Page } from 'playwright-core'
import { z } from 'zod'
import { openWorkspace } from '../../../engine/workspace/open.ts'
import { listVerdicts } from '../../../engine/workspace/verdicts.ts'
import { startMeasuredServer } from '../measured-server.ts'
import { tourIsOver } from '../tour.ts'
import { addressOf, drawing, firstHeatmap, until } from './page.ts'
import { uiRow, type StormReport } from './report.ts'

export interface StormOptions {
  browsers: number
  seconds: number
  /** Verdicts a second from all browsers together. */
  rate: number
}

/** Decides in several real browser profiles at once, each as another reviewer, and compares with what the file then holds. */
export async function verdictStorm(
  browser: Browser,
  workspace: string,
  options: StormOptions,
): Promise<StormReport> {
  const { browsers, seconds, rate } = options
  const names = Array.from({ length: browsers }, (_, index) => `storm ${index + 1} of ${Date.now()}`)
  const server = await startMeasuredServer(workspace)
  const pages: Page[] = []
  const presses: Presses[] = []
  try {
    for (const [index, name] of names.entries()) {
      pages.push(await reviewerPage(browser, server.address, name, index))
    }
    for (const page of pages) await page.evaluate(pressing(rate / browsers, seconds))
    await setTimeout(seconds * 1000)
    for (const page of pages) {
      await until(page, 'window.storm.done')
      presses.push(Presses.parse(await page.evaluate('window.storm')))
    }
  } finally {
    for (const page of pages) await page.context().close()
    await server.close()
  }
  return compare(workspace, names, presses, options)
}

const Presses = z.object({ maps: z.array(z.int()), answers: z.array(z.number()) })
type Presses = z.infer<typeof Presses>

/** The workspace has one reviewer's name; here each page is told another one, and notes how long verdicts take. */
const actAs = (name: string) => `
  window.storm = { maps: [], answers: [], done: false }
  const send = window.fetch
  window.fetch = async (address, options) => {
    const began = performance.now()
    const answer = await send(address, options)
    if (address === '/rpc/review.decide') window.storm.answers.push(performance.now() - began)
    if (address !== '/rpc/workspace.summary') return answer
    const summary = await answer.json()
    summary.value.reviewer = ${JSON.stringify(name)}
    return Response.json(summary)
  }
`

/** Presses the key as soon as one is due and the next heatmap is there, as a reviewer does; ends when all is answered. */
const pressing = (rate: number, seconds: number) => `{
  const began = performance.now()
  const { storm } = window
  const timer = setInterval(() => {
    const past = (performance.now() - began) / 1000
    const map = Number(document.querySelector('canvas[data-map]').dataset.map)
    if (past >= ${seconds}) {
      storm.done = storm.answers.length === storm.maps.length
      if (storm.done) clearInterval(timer)
    } else if (map !== storm.maps.at(-1) && storm.maps.length < past * ${rate}) {
      storm.maps.push(map)
      window.dispatchEvent(new KeyboardEvent('keydown', { key: 'a', bubbles: true }))
    }
  }, ${LOOK_MS})
}`

/** How often a page looks whether a key is due: more often would cost the pages more than reviewing does. */
const LOOK_MS = 20

const QUEUE_SIZE = 1000

/** Reviewers have a machine each. Here their browsers share one, so all runs but nothing is painted. */
const HIDE = "document.documentElement.style.visibility = 'hidden'"

async function reviewerPage(browser: Browser, address: string, name: string, seed: number): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
  })
  await context.addCookies([tourIsOver(new URL(address).origin)])
  const page = await context.newPage()
  await page.addInitScript(actAs(name))
  const queue = { filter: {}, order: 'random', size: QUEUE_SIZE, seed, repeatShare: 0 }
  await page.goto(addressOf(address, drawing(queue)), { waitUntil: 'load' })
  await firstHeatmap(page)
  await page.evaluate(HIDE)
  return page
}

function compare(
  path: string,
  names: readonly string[],
  presses: readonly Presses[],
  { browsers, seconds, rate }: StormOptions,
): StormReport {
  const workspace = openWorkspace(path)
  const rows = Map.groupBy(listVerdicts(workspace.database), ({ reviewer }) => reviewer)
  workspace.close()
  const stored = names.map((name) => (rows.get(name) ?? []).map(({ mapId }) => mapId))
  const pressed = presses.map(({ maps }) => maps)
  const count = (lists: readonly (readonly number[])[]) => lists.reduce((sum, list) => sum + list.length, 0)
  const lost = count(pressed.map((maps, index) => maps.filter((map) => !stored[index]?.includes(map))))
  const doubled = count(stored) - count(stored.map((maps) => [...new Set(maps)]))
  const inOrder = pressed.filter((maps, index) => String(maps) === String(stored[index])).length
  const aSecond = count(stored) / seconds
  return {
    browsers,
    seconds,
    pressed: count(pressed),
    stored: count(stored),
    lost,
    doubled,
    inOrder,
    aSecond,
    asked: rate,
    latency: uiRow(
      'key to stored',
      presses.flatMap(({ answers }) => answers),
      null,
    ),
    met: lost === 0 && doubled === 0 && inOrder === browsers && aSecond >= 0.95 * rate,
  }
}
