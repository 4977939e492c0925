import type { Browser } from 'playwright-core'
import { onPage } from './ui/page.ts'

/**
 * Notes for every heatmap how long after the key press the first frame with it was done, in milliseconds. One that is painted
 * again, e.g. because counts came in, was there before.
 */
const MEASURE_PAINTS = `
  window.paintTimes = []
  const canvas = document.querySelector('canvas[data-map]')
  let shown = canvas.dataset.map
  let pressed = 0
  window.addEventListener('keydown', () => (pressed = performance.now()), { capture: true })
  const done = () => window.paintTimes.push(performance.now() - pressed)
  new MutationObserver(() => {
    if (canvas.dataset.map === shown) return
    shown = canvas.dataset.map
    requestAnimationFrame(() => setTimeout(done, 0))
  }).observe(canvas, { attributeFilter: ['data-map'] })
`

const KEYS = 40
/** How long somebody looks at a heatmap, at least, and until the first are loaded. */
const LOOK_MS = 120
const SETTLE_MS = 1500

/** Accepts heatmap after heatmap by its key and gives for each the milliseconds until the next one was painted. */
export async function keyToPicture(browser: Browser, address: string): Promise<number[]> {
  return onPage(browser, address, async (page) => {
    const canvas = page.locator('canvas[data-map]')
    await canvas.waitFor()
    await page.waitForTimeout(SETTLE_MS)
    await page.evaluate(MEASURE_PAINTS)
    for (let count = 0; count < KEYS; count += 1) {
      const before = await canvas.getAttribute('data-map')
      await page.keyboard.press('a')
      await page.locator(`canvas[data-map]:not([data-map="${before}"])`).waitFor()
      await page.waitForTimeout(LOOK_MS)
    }
    return page.evaluate<number[]>('window.paintTimes')
  })
}
