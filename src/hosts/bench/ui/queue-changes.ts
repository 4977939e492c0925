import type { Page } from 'playwright-core'
import { firstHeatmap, until } from './page.ts'

/**
 * Notes how long after a choice the new queue was painted: its first heatmap, and every thumbnail of the film strip, each
 * with the map that belongs there.
 */
const WATCH_CHANGES = `
  window.changeTimes = []
  let began = null
  let queue = ''
  const asked = (name) => new URL(location.href).searchParams.get(name) ?? ''
  window.addEventListener('change', () => { began = performance.now(); queue = asked('queue') }, { capture: true })
  const isPainted = () => {
    const strip = [...document.querySelectorAll('nav[aria-label="Film strip"] canvas')]
    const stage = document.querySelector('canvas[data-map]')
    return asked('queue') !== queue && asked('map') !== '' && stage?.dataset.map === asked('map') &&
      strip.length > 0 && strip.every((canvas) => canvas.dataset.painted === canvas.dataset.wanted)
  }
  new MutationObserver(() => {
    if (began === null || !isPainted()) return
    const start = began
    began = null
    requestAnimationFrame(() => setTimeout(() => window.changeTimes.push(performance.now() - start), 0))
  }).observe(document.body, { subtree: true, childList: true, attributes: true })
`

/** How long somebody looks at the rows, at least. */
const LOOK_MS = 400

type Change = (page: Page) => Promise<unknown>

/** Milliseconds from each choice in the page to the first rows of the queue that it draws. */
export async function changeTimes(page: Page, changes: readonly Change[]): Promise<number[]> {
  await firstHeatmap(page)
  await page.waitForTimeout(LOOK_MS)
  await page.evaluate(WATCH_CHANGES)
  for (const [index, change] of changes.entries()) {
    await change(page)
    await until(page, `window.changeTimes.length > ${index}`)
    await page.waitForTimeout(LOOK_MS)
  }
  return page.evaluate<number[]>('window.changeTimes')
}

/** Chooses and drops the values of a few facets, one after the other. */
export function facetChanges(rounds: number): Change[] {
  const toggle =
    (facet: string, value: number): Change =>
    (page) =>
      page.getByRole('region', { name: facet, exact: true }).getByRole('checkbox').nth(value).click()
  const choices: [string, number][] = [
    ['Method', 0],
    ['Method', 1],
    ['Architecture', 1],
    ['Method', 0],
    ['Class', 3],
    ['Method', 1],
    ['Class', 4],
    ['Architecture', 1],
    ['Class', 3],
    ['Class', 4],
  ]
  return Array.from({ length: rounds }, () => choices)
    .flat()
    .map(([facet, value]) => toggle(facet, value))
}

const ORDERS = ['best_first', 'uncertain', 'random', 'sequence', 'dominance', 'worst_first'] as const

/** Chooses one order after the other. */
export function orderChanges(rounds: number): Change[] {
  return Array.from({ length: rounds }, () => ORDERS)
    .flat()
    .map((order) => (page) => page.getByLabel('Order').selectOption(order))
}
