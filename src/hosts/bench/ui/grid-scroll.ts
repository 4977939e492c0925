import type { Page } from 'playwright-core'
import { z } from 'zod'

/**
 * Looks at the grid at every frame: a row that is in sight and lacks one of its pictures is blank. `window.blankRows` are
 * the lengths, in milliseconds, of all times that a row was blank.
 */
const WATCH_ROWS = `
  window.blankRows = []
  const scroller = document.querySelector('[role="listbox"][aria-label="Maps"]')
  const since = new Map()
  const ends = (row, now) => {
    if (!since.has(row)) return
    window.blankRows.push(now - since.get(row))
    since.delete(row)
  }
  const look = () => {
    const now = performance.now()
    const cells = [...scroller.querySelectorAll('[role="option"]')]
    const lefts = new Set(cells.map((one) => one.offsetLeft))
    const painted = new Map()
    for (const one of cells) {
      const row = Math.floor((one.ariaPosInSet - 1) / lefts.size)
      const canvas = one.querySelector('canvas')
      const done = canvas !== null && canvas.dataset.painted === canvas.dataset.wanted
      painted.set(row, (painted.get(row) ?? true) && done)
    }
    const box = scroller.getBoundingClientRect()
    const height = cells[0].offsetHeight + 4
    const firstRow = (cells[0].ariaPosInSet - 1) / lefts.size
    const top = firstRow + (box.top - cells[0].getBoundingClientRect().top) / height
    const seen = new Set()
    for (let row = Math.floor(top + 0.1); row + 0.5 < top + box.height / height; row += 1) {
      seen.add(row)
      if (painted.get(row) === true) ends(row, now)
      else if (!since.has(row)) since.set(row, now)
    }
    for (const row of [...since.keys()]) if (!seen.has(row)) ends(row, now)
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
`

const WHEEL_STEPS = 150
/** Pixels of one step of the wheel, and the pause after it: 6,000 pixels a second, seventy rows. */
const STEP = 96
const PAUSE_MS = 16
const JUMPS = 10
const DRAGS = [0.9, 0.1, 0.5, 0.02, 0.7, 0.3, 0.97, 0.45]
/** Frames that the scroll bar is dragged for. */
const DRAG_FRAMES = 60
const SETTLE_MS = 600

export interface GridTimes {
  /** Longest times that a row stayed blank, one for every part of the scrolling. */
  wheel: number[]
  /** The same after jumps to distant places. */
  jumps: number[]
  /** The same while the scroll bar is dragged past thousands of rows, and when it stops. */
  drags: number[]
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
    await page.evaluate(jumpTo(part))
    await page.waitForTimeout(SETTLE_MS)
    jumps.push(await longestBlank(page))
  }
  const drags: number[] = []
  for (const part of DRAGS) {
    await page.evaluate(dragTo(part))
    await page.waitForTimeout(SETTLE_MS)
    drags.push(await longestBlank(page))
  }
  return { wheel, jumps, drags }
}

const jumpTo = (part: number) => `{
  const scroller = document.querySelector('[role="listbox"][aria-label="Maps"]')
  scroller.scrollTop = ${part} * scroller.scrollHeight
}`

const dragTo = (part: number) => `new Promise((resolve) => {
  const scroller = document.querySelector('[role="listbox"][aria-label="Maps"]')
  const from = scroller.scrollTop
  const step = (${part} * scroller.scrollHeight - from) / ${DRAG_FRAMES}
  let frame = 0
  const move = () => {
    frame += 1
    scroller.scrollTop = from + frame * step
    if (frame < ${DRAG_FRAMES}) requestAnimationFrame(move)
    else resolve()
  }
  move()
})`

/** The longest time since the last question. */
async function longestBlank(page: Page): Promise<number> {
  const blanks = await page.evaluate('window.blankRows.splice(0)')
  return Math.max(0, ...z.array(z.number()).parse(blanks))
}
