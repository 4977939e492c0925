import type { Browser, Page } from 'playwright-core'
import { tourIsOver } from '../tour.ts'

/** Does something with a fresh browser profile that shows this address. */
export async function onPage<Result>(
  browser: Browser,
  address: string,
  work: (page: Page) => Promise<Result>,
): Promise<Result> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
  })
  try {
    await context.addCookies([tourIsOver(new URL(address).origin)])
    const page = await context.newPage()
    await page.goto(address, { waitUntil: 'load' })
    return await work(page)
  } finally {
    await context.close()
  }
}

/** The address that opens a screen, from the one that a server prints. */
export function addressOf(printed: string, path: string): string {
  return `${printed}&next=${encodeURIComponent(path)}`
}

/** A path that draws a queue and shows it. */
export function drawing(request: object, view = ''): string {
  return `/review?draw=${encodeURIComponent(JSON.stringify(request))}${view === '' ? '' : `&view=${view}`}`
}

/** A million maps may take a busy machine so long, in milliseconds. */
const LONGEST_OPENING = 180_000

export async function firstHeatmap(page: Page): Promise<void> {
  await page.locator('canvas[data-map]').waitFor({ timeout: LONGEST_OPENING })
}

const POLL_MS = 20

/** Waits until an expression is true in the page, whose security policy forbids Playwright's own way. @throws after `seconds` */
export async function until(page: Page, expression: string, seconds = 60): Promise<void> {
  for (let waited = 0; waited < seconds * 1000; waited += POLL_MS) {
    if ((await page.evaluate(expression)) === true) return
    await page.waitForTimeout(POLL_MS)
  }
  throw new Error(`the page never became so: ${expression}`)
}
