import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { HeatproofError } from '../../shared/errors.ts'

const NAMES = [
  'google-chrome',
  'google-chrome-stable',
  'chromium',
  'chromium-browser',
  'chrome',
  'microsoft-edge',
]
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
]

/**
 * A Chrome, Chromium or Edge of this machine: the one that `CHROME_PATH` names, or one of the path.
 *
 * @throws HeatproofError `no_browser`
 */
export function findBrowser(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const chosen = environment['CHROME_PATH']
  const folders = (environment['PATH'] ?? '').split(delimiter)
  const offered = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)))
  const found = (chosen === undefined ? [...offered, ...PLACES] : [chosen]).find((path) => existsSync(path))
  if (found !== undefined) return found
  throw new HeatproofError('no_browser', {
    found:
      chosen === undefined
        ? 'no Chrome, Chromium or Edge on this machine'
        : `no browser at CHROME_PATH ${chosen}`,
    expected: 'one that prints the PDF',
    advice: 'Write report.html instead and print it from any browser, or name a browser in CHROME_PATH.',
  })
}

/** No GPU is needed; root, as in most containers, has no sandbox, and the page runs nothing and loads nothing. */
const ARGUMENTS = ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])]

/** Prints a page that needs nothing from elsewhere as PDF. @throws HeatproofError `internal` with what the browser said */
export async function printPdf(executablePath: string, page: string): Promise<Uint8Array> {
  const { chromium } = await import('playwright-core')
  try {
    const browser = await chromium.launch({ executablePath, args: ARGUMENTS })
    try {
      const tab = await browser.newPage({ javaScriptEnabled: false })
      await tab.setContent(page, { waitUntil: 'load' })
      return await tab.pdf({ preferCSSPageSize: true, printBackground: true })
    } finally {
      await browser.close()
    }
  } catch (cause) {
    const [reason] = String(cause instanceof Error ? cause.message : cause).split('\n')
    throw new HeatproofError('internal', {
      found: `no PDF from ${executablePath} (${reason ?? 'no reason given'})`,
      expected: 'a browser that prints without a window',
      advice: 'Write report.html instead and print it from any browser.',
      cause,
    })
  }
}
