import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'

import { tourIsOver } from '../../../src/hosts/bench/tour.ts'

export { launchBrowser } from '../../../src/hosts/bench/chromium.ts'

export const SCREENSHOTS = join(import.meta.dirname, '../../../test-results')

export interface Tab {
  page: Page
  context: BrowserContext
  /** Errors on the console, uncaught errors and violations of the content security policy; must stay empty. */
  problems: string[]
  close: () => Promise<void>
}

interface TabOptions {
  width?: number
  height?: number
  colourScheme?: 'dark' | 'light'
  /** As when nobody has used the app in this browser: with the tour. */
  firstRun?: boolean
  /** Console messages that the test provokes on purpose. */
  expected?: RegExp
}

/** A fresh browser profile with one page, whose every problem is kept. */
export async function openTab(browser: Browser, address: string, options: TabOptions = {}): Promise<Tab> {
  const { width = 1280, height = 800, colourScheme = 'dark', firstRun = false, expected } = options
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: colourScheme,
    reducedMotion: 'reduce',
  })
  if (!firstRun) await context.addCookies([tourIsOver(new URL(address).origin)])
  const page = await context.newPage()
  const problems: string[] = []
  const note = (text: string) => {
    if (!expected?.test(text)) problems.push(text)
  }
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      note(`${message.type()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => note(`uncaught: ${error.message}`))
  const response = await page.goto(address, { waitUntil: 'load' })
  // The page of a good link goes on by itself; whoever moves the page before that is interrupted.
  if (response?.ok() === true) await page.waitForURL((url) => url.pathname !== '/open')
  return { page, context, problems, close: () => context.close() }
}

/** Keeps a picture of the page for the eye and for the documentation. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true })
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) })
}
