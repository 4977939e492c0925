import type { Page } from 'playwright-core'

/** Waits until a heatmap is painted, and says which map it is. */
export async function shownMap(page: Page): Promise<number> {
  const canvas = page.locator('canvas[data-map]')
  await canvas.waitFor()
  return Number(await canvas.getAttribute('data-map'))
}

/** Waits until another map than this one is painted. */
export async function nextMap(page: Page, before: number): Promise<number> {
  const shown = "document.querySelector('canvas[data-map]')?.getAttribute('data-map')"
  await page.waitForFunction(`![undefined, null, '${before}'].includes(${shown})`, undefined, {
    polling: 'raf',
  })
  return shownMap(page)
}

export function parameter(page: Page, name: string): number {
  return Number(new URL(page.url()).searchParams.get(name))
}

/** Colours of the painted heatmap, to tell pictures apart. */
export async function paintedPixels(page: Page): Promise<string> {
  return page.evaluate<string>(`(() => {
    const canvas = document.querySelector('canvas[data-map]')
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    return Array.from(data).join()
  })()`)
}
