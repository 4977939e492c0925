import { describe, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { screenshot } from './support/browser.ts'
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
