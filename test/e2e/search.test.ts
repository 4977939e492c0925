import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApp, type RunningApp } from './support/app.ts'
import { launchBrowser, openTab, screenshot, type Tab } from './support/browser.ts'
import { nextMap, parameter, shownMap } from './support/review-page.ts'
import { openSample } from './support/sample.ts'

let app: RunningApp
let browser: Browser
let tab: Tab

beforeAll(async () => {
  app = await startApp()
  browser = await launchBrowser()
  await openSample(app)
  tab = await openTab(browser, app.address('/review'))
})

afterAll(async () => {
  expect(tab.problems).toEqual([])
  await tab.close()
  await browser.close()
  await app.remove()
})

describe('search and saved filters', () => {
  it('finds a note with the key /, keeps the filters under a name, and draws them again', async () => {
    const { page } = tab
    const noted = await shownMap(page)
    await page.keyboard.press('n')
    await page.keyboard.type('a smear')
    await page.keyboard.press('Escape')
    await page.keyboard.press('a')
    await nextMap(page, noted)
    await page.keyboard.press('/')
    await page.keyboard.type('smea')
    await screenshot(page, 'review-search-dark')
    await page.keyboard.press('Enter')
    await page.getByText('1 of 1 map', { exact: true }).waitFor()
    await expect.poll(() => parameter(page, 'map')).toBe(noted)

    await page.getByRole('button', { name: 'Save…' }).click()
    await page.getByRole('dialog').waitFor()
    await page.keyboard.type('smears')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Remove' }).waitFor()
    await page.getByRole('button', { name: 'Clear 1 filter' }).click()
    await page.getByText('of 3,600 maps').waitFor()
    expect(await page.getByLabel('Search maps').inputValue()).toBe('')
    await page.getByLabel('Saved').selectOption('smears')
    await page.getByText('1 of 1 map', { exact: true }).waitFor()
    expect(await page.getByLabel('Search maps').inputValue()).toBe('smea')
    await screenshot(page, 'review-saved-dark')

    await page.getByRole('button', { name: 'Remove' }).click()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('button', { name: 'Remove' }).waitFor()
    expect((await app.call('review.filters', {})).map(({ name }) => name)).toEqual(['smears'])
  })
})
