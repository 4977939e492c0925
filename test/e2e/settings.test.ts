import { describe, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { startApp } from './support/app.ts'
import { screenshot } from './support/browser.ts'
import { shownMap } from './support/review-page.ts'
import { screenSuite } from './support/screen-suite.ts'

const LONG_NAME =
  'Dr. Maximiliane-Charlotte von Hohenstein-Wittgenstein, Institute for Interpretable Machine Learning'

const keyOf = (page: Page, title: string) => page.getByRole('button', { name: `Change the key of ${title}` })
const themeOf = (page: Page) => page.locator('html').getAttribute('data-theme')

describe('Settings', () => {
  const suite = screenSuite({ sample: false })

  it('changes the reviewer, who stays after a reload', async () => {
    const page = await suite.open('/settings')
    const panel = page.getByRole('region', { name: 'Reviewer', exact: true })
    await panel.getByRole('textbox').fill('   ')
    await panel.getByText('Expected a name').waitFor()
    expect(await panel.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true)
    await panel.getByRole('textbox').fill(LONG_NAME)
    await panel.getByRole('button', { name: 'Save' }).click()
    await expect.poll(async () => (await suite.app.call('workspace.summary', {})).reviewer).toBe(LONG_NAME)
    await page.reload()
    expect(await panel.getByRole('textbox').inputValue()).toBe(LONG_NAME)
    const overflow = await page.evaluate(
      `(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)(document.querySelector('.screen'))`,
    )
    expect(overflow).toBe(false)
    await screenshot(page, 'settings-dark')
  })

  it('changes the theme, against the system too, and keeps it', async () => {
    const page = await suite.open('/settings', { colourScheme: 'light', width: 1920, height: 1080 })
    await expect.poll(() => themeOf(page)).toBe('light')
    await screenshot(page, 'settings-light-1920')
    await page.getByText('Dark', { exact: true }).click()
    await expect.poll(() => themeOf(page)).toBe('dark')
    await page.reload()
    await expect.poll(() => themeOf(page)).toBe('dark')
    await page.getByText('As the system', { exact: true }).click()
    await expect.poll(() => themeOf(page)).toBe('light')
  })

  it('changes a key, shows a clash, keeps it after a reload and takes it back', async () => {
    const page = await suite.open('/settings')
    const grid = keyOf(page, 'Grid')
    await grid.click()
    await page.getByText('Press a key').waitFor()
    await page.keyboard.press('Escape')
    expect(await grid.innerText()).toBe('G')
    await grid.click()
    await page.keyboard.press('a')
    expect(await grid.innerText()).toBe('A')
    await page.getByText('also sets off “Accept and next”').waitFor()
    await page.getByText('also sets off “Grid”').waitFor()
    await page.reload()
    expect(await grid.innerText()).toBe('A')
    await page.getByRole('button', { name: 'Reset Grid' }).click()
    expect(await grid.innerText()).toBe('G')
    expect(await page.getByText(/also sets off/).count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Reset all' }).isDisabled()).toBe(true)
  })

  it('uses the changed key', async () => {
    const page = await suite.open('/settings')
    await keyOf(page, 'Command palette').click()
    await page.keyboard.press('Control+j')
    await page.keyboard.press('Control+j')
    await page.getByRole('dialog').waitFor()
  })

  it('says what computes and where exports may go', async () => {
    const page = await suite.open('/settings')
    const summary = () => suite.app.call('workspace.summary', {})
    await expect.poll(async () => (await summary()).device).not.toBeNull()
    const { device, folders, path } = await summary()
    const shown = page.getByRole('region', { name: 'Device' })
    await shown.getByText(device?.label ?? '', { exact: true }).waitFor()
    const workspace = page.getByRole('region', { name: 'Workspace' })
    await workspace.getByText(path, { exact: true }).waitFor()
    for (const folder of folders) await workspace.getByText(folder, { exact: true }).waitFor()
  })
})

describe('what a browser keeps', () => {
  const suite = screenSuite({ sample: true })
  const mode = (page: Page) => page.getByRole('radio', { name: 'Overlay' }).isChecked()
  const isFolded = (page: Page, facet: string) =>
    page
      .getByRole('region', { name: facet, exact: true })
      .getByRole('button', { name: facet })
      .getAttribute('aria-expanded')

  it('is the layout: mode, opacity, clip, step borders, blind, folded filters and theme, over a reload', async () => {
    const page = await suite.open('/review')
    await shownMap(page)
    await page.getByText('Overlay', { exact: true }).click()
    await page.getByRole('slider', { name: 'Opacity' }).fill('0.4')
    await page.getByLabel('Clip').selectOption({ label: 'Clip 95 %' })
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Steps' }).click()
    await page.getByRole('button', { name: /^Blind/ }).click()
    await page.getByRole('region', { name: 'Fold' }).getByRole('button', { name: 'Fold' }).click()
    await page.keyboard.press('Control+Shift+l')
    await page.reload()
    await shownMap(page)
    expect(await mode(page)).toBe(true)
    expect(await page.getByRole('slider', { name: 'Opacity' }).inputValue()).toBe('0.4')
    expect(await page.getByLabel('Clip').inputValue()).toBe('0.95')
    expect(await page.getByRole('button', { name: 'Steps' }).getAttribute('aria-pressed')).toBe('true')
    expect(await page.getByRole('button', { name: /^Blind/ }).getAttribute('aria-pressed')).toBe('true')
    await expect.poll(() => isFolded(page, 'Fold')).toBe('false')
    expect(await isFolded(page, 'Class')).toBe('true')
    expect(await themeOf(page)).toBe('light')
  })

  it('holds when the engine starts again on another port, and on another workspace', async () => {
    const page = await suite.open('/settings')
    await page.getByText('Light', { exact: true }).click()
    await keyOf(page, 'Grid').click()
    await page.keyboard.press('j')
    await expect.poll(() => keyOf(page, 'Grid').innerText()).toBe('J')
    const other = await startApp('other.heatproof')
    try {
      expect(new URL(other.origin).port).not.toBe(new URL(suite.app.origin).port)
      await page.goto(other.address('/settings'))
      await expect.poll(() => themeOf(page)).toBe('light')
      expect(await keyOf(page, 'Grid').innerText()).toBe('J')
    } finally {
      await page.goto('about:blank')
      await other.remove()
    }
  })
})
