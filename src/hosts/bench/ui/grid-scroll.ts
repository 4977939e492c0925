import type { Page } from 'playwright-core'
import { z } from 'zod'

/**
 * Looks at the grid at every frame: a row that is in sight and lacks one of its pictures is blank. `window.blankRows` are
 * the lengths, in milliseconds, of all times that a row was blank; `window.frames` those between frames.
 */
const WATCH_ROWS = `
  window.blankRows = []
  window.frames = []
  const scroller = document.querySelector('[role="listbox"][aria-label="Maps"]')
  const since = new Map()
  let before = performance.now()
  const look = () => {
    const now = performance.now()
    window.frames.push(now - before)
    before = now
    const cells = [...scroller.querySelectorAll('[role="option"]')]
    const cell = cells[0]
    if (cell) {
      const height = cell.getBoundingClientRect().height + 4
      const painted = new Map()
      for (const one of cells) {
        const top = parseFloat(one.style.top)
        const canvas = one.querySelector('canvas')
        const done = canvas !== null && canvas.dataset.painted === canvas.dataset.wanted
        painted.set(top, (painted.get(top) ?? true) && done)
      }
      const last = Math.min(scroller.scrollTop + scroller.clientHeight, scroller.scrollHeight)
      const first = Math.floor(scroller.scrollTop / height) * height
      const seen = new Set()
      for (let top = first; top + 1 < last - height / 2; top += height) {
        seen.add(top)
        if (painted.get(top) !== true) { if (!since.has(top)) since.set(top, now) }
        else if (since.has(top)) { window.blankRows.push(now - since.get(top)); since.delete(top) }
      }
      for (const [top, began] of since) {
        if (!seen.has(top)) { window.blankRows.push(now - began); since.delete(top) }
      }
    }
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
`

const WHEEL_STEPS = 150
/** Pixels of one step of the wheel, and the pause after it: 6,000 pixels a second, seventy rows. */
const STEP = 96
const PAUSE_MS = 16
const JUMPS = 10
const SETTLE_MS = 600

export interface GridTimes {
  /** Longest times that a row stayed blank, one for every part of the scrolling. */
  wheel: number[]
  /** The same after jumps to distant places. */
  jumps: number[]
}

/** Scrolls a grid that is on the page by the wheel, and jumps about in it. */
export async function gridTimes(page: Page): Promise<GridTimes> {
  const grid = page.getByRole('listbox', { name: 'Maps' })
  await grid.locator('canvas[data-painted]').first().waitFor()
  await page.waitForTimeout(SETTLE_MS)
  await page.evaluate(WATCH_ROWS)
  const box = await grid.boundingBox()
  if (box === null) throw new Error('no grid')
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  const wheel: number[] = []
  for (let step = 1; step <= WHEEL_STEPS; step += 1) {
    await page.mouse.wheel(0, STEP)
    await page.waitForTimeout(PAUSE_MS)
    if (step % 15 === 0) wheel.push(await longestBlank(page))
  }
  const jumps: number[] = []
  for (let jump = 0; jump < JUMPS; jump += 1) {
    const part = (((jump * 7 + 3) % JUMPS) + 0.37) / JUMPS
    await page.evaluate(`(() => {
      const scroller = document.querySelector('[role="listbox"][aria-label="Maps"]')
      scroller.scrollTop = ${part} * scroller.scrollHeight
    })()`)
    await page.waitForTimeout(SETTLE_MS)
    jumps.push(await longestBlank(page))
  }
  return { wheel, jumps }
}

/** The longest time since the last question. */
async function longestBlank(page: Page): Promise<number> {
  const blanks = await page.evaluate('window.blankRows.splice(0)')
  return Math.max(0, ...z.array(z.number()).parse(blanks))
}
