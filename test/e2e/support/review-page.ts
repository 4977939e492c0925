import type { Locator, Page } from 'playwright-core'

/** Waits until a heatmap is painted, and says which map it is. */
export async function shownMap(page: Page): Promise<number> {
  const canvas = page.locator('canvas[data-map]')
  await canvas.waitFor()
  return Number(await canvas.getAttribute('data-map'))
}

/** Waits until another map than this one is painted. */
export async function nextMap(page: Page, before: number): Promise<number> {
  await page.locator(`canvas[data-map]:not([data-map="${before}"])`).waitFor()
  return shownMap(page)
}

/** Where the map on screen stands in its queue, from 1. */
export async function position(page: Page): Promise<number> {
  const text = await page.getByRole('navigation', { name: 'Film strip' }).locator('strong').textContent()
  return Number(text?.replaceAll(',', ''))
}

/** The cells of the grid that are drawn. */
export function gridCells(page: Page): Locator {
  return page.getByRole('listbox', { name: 'Maps' }).getByRole('option')
}

export function parameter(page: Page, name: string): number {
  return Number(new URL(page.url()).searchParams.get(name))
}

/** Colours of the painted heatmap, to tell pictures apart. */
export async function paintedPixels(page: Page): Promise<string> {
  return page.evaluate<string>("document.querySelector('canvas[data-map]').toDataURL()")
}
