import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { tourIsOver } from '../tour.ts'
import { addressOf, firstHeatmap } from './page.ts'

/** Bytes of the page, scripts and styles that Review needs until its first heatmap, each compressed by gzip. */
export async function firstLoadBytes(browser: Browser, printed: string): Promise<number> {
  const context = await browser.newContext()
  await context.addCookies([tourIsOver(new URL(printed).origin)])
  try {
    const page = await context.newPage()
    const sizes: Promise<number>[] = []
    page.on('response', (response) => {
      const isOpening = new URL(response.url()).pathname === '/open'
      if (!isOpening && ['document', 'script', 'stylesheet'].includes(response.request().resourceType())) {
        sizes.push(response.body().then((body) => gzipSync(body).length))
      }
    })
    await page.goto(addressOf(printed, '/review'), { waitUntil: 'load' })
    await firstHeatmap(page)
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
  } finally {
    await context.close()
  }
}
