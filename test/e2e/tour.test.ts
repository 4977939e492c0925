import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { accessibilityProblems } from './support/accessibility.ts'
import { screenshot } from './support/browser.ts'
import { nextMap, shownMap } from './support/review-page.ts'
import { screenSuite } from './support/screen-suite.ts'

const TITLES = [
  'Where the network looked',
  'How much each item got',
  'What the metrics say',
  'Which heatmaps come next',
  'Now flag one yourself',
]

const step = (page: Page, title: string) => page.getByRole('dialog', { name: title })
const isOver = async (page: Page) => (await page.locator('[role="dialog"]').count()) === 0
const focused = (page: Page) => page.evaluate<string>('document.activeElement.textContent.trim()')

describe('the tour', () => {
  const suite = screenSuite({ sample: true })

  it('leads through Review by keys, ends with a real flag, and does not come again', async () => {
    const page = await suite.open('/review', { firstRun: true })
    for (const [index, title] of TITLES.entries()) {
      await step(page, title).waitFor()
      await page.getByText(`Tour, ${index + 1} of 5`).waitFor()
      await screenshot(page, `tour-${index + 1}-dark`)
      expect(await accessibilityProblems(page)).toEqual([])
      if (index === TITLES.length - 1) break
      await expect.poll(() => focused(page)).toBe('Next')
      await page.keyboard.press('Enter')
    }
    const first = await shownMap(page)
    await page.keyboard.press('a')
    const second = await nextMap(page, first)
    expect(await isOver(page)).toBe(false)
    await page.keyboard.press('1')
    await page.getByText('That was your first flag').waitFor()
    await nextMap(page, second)
    expect(await isOver(page)).toBe(true)
    const { history } = await suite.app.call('review.item', { mapId: second })
    expect(history.at(-1)).toMatchObject({ verdict: 'fail', reviewer: 'Ada' })
    await page.reload()
    await shownMap(page)
    await page.waitForTimeout(500)
    expect(await isOver(page)).toBe(true)
  })

  it('goes back, can be skipped by Escape, and stays away then', async () => {
    const page = await suite.open('/review', { firstRun: true, colourScheme: 'light' })
    await step(page, TITLES[0] ?? '').waitFor()
    await page.getByRole('button', { name: 'Next' }).click()
    await step(page, TITLES[1] ?? '').waitFor()
    await page.getByRole('button', { name: 'Back', exact: true }).press('Enter')
    await step(page, TITLES[0] ?? '').waitFor()
    await screenshot(page, 'tour-1-light')
    expect(await accessibilityProblems(page)).toEqual([])
    await page.getByRole('button', { name: 'Skip the tour' }).press('Escape')
    await expect.poll(() => isOver(page)).toBe(true)
    await page.reload()
    await shownMap(page)
    await page.waitForTimeout(500)
    expect(await isOver(page)).toBe(true)
  })

  it('can be taken again from the palette, on any screen, and from the list of keys', async () => {
    const page = await suite.open('/runs')
    await page.getByRole('region', { name: 'Models and methods' }).waitFor()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('take the tour')
    await page.keyboard.press('Enter')
    await step(page, TITLES[0] ?? '').waitFor()
    await page.getByRole('button', { name: 'Skip the tour' }).click()
    await page.keyboard.press('?')
    await page.getByRole('button', { name: 'Take the tour' }).click()
    await step(page, TITLES[0] ?? '').waitFor()
  })

  it('leaves the keys of Review to Review', async () => {
    const page = await suite.open('/review', { firstRun: true })
    await step(page, TITLES[0] ?? '').waitFor()
    const first = await shownMap(page)
    await page.keyboard.press('ArrowRight')
    await nextMap(page, first)
    await step(page, TITLES[0] ?? '').waitFor()
  })
})

describe('an empty workspace', () => {
  const suite = screenSuite({ sample: false })

  it('gets the tour with the first heatmap of the sample', async () => {
    const page = await suite.open('/review', { firstRun: true })
    await page.getByRole('button', { name: 'Open the sample' }).click()
    await step(page, TITLES[0] ?? '').waitFor()
    await shownMap(page)
  })
})
