import { existsSync } from 'node:fs'
import type { Browser } from 'playwright-core'

/** No sandbox, because tests run as root in containers; drawing without a GPU; web security stays on. */
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none', '--disable-dev-shm-usage']

/** The headless Chromium of npm's @sparticuz/chromium: needs nothing of the machine beyond x86-64 Linux. */
export async function launchBrowser(): Promise<Browser> {
  const { default: chromium } = await import('@sparticuz/chromium')
  const { chromium: playwright } = await import('playwright-core')
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    args: ARGUMENTS,
    headless: true,
  })
}

/** A browser, or in one line why there is none. */
export async function findChromium(screens: string): Promise<Browser | string> {
  if (!existsSync(screens)) return 'the screens are not built (npm run build)'
  try {
    return await launchBrowser()
  } catch (error) {
    const [reason] = String(error instanceof Error ? error.message : error).split('\n')
    return `no Chromium (${reason ?? 'no reason given'})`
  }
}
