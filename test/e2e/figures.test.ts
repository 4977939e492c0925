import { readFileSync } from 'node:fs'
import { PNG } from 'pngjs'
import { describe, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { screenshot } from './support/browser.ts'
import { screenSuite } from './support/screen-suite.ts'

const drawn = (page: Page) =>
  page
    .getByRole('img', { name: /by method for/ })
    .first()
    .waitFor()

describe('an empty workspace', () => {
  const suite = screenSuite({ sample: false })

  it('says what Figures is for', async () => {
    const page = await suite.open('/figures', { colourScheme: 'light' })
    await page.getByText('No figures yet').waitFor()
    await screenshot(page, 'figures-empty-light')
  })
})

describe('with the sample', () => {
  const suite = screenSuite({ sample: true })

  it('draws the metric by method and states the same numbers as the engine', async () => {
    const page = await suite.open('/figures?metric=percentage', { width: 1920, height: 1080 })
    const plot = await suite.app.call('figures.pointPlot', { metric: 'percentage' })
    await drawn(page)
    await screenshot(page, 'figures-dark-1920')
    await page.getByText(plot.caption, { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Show the numbers' }).click()
    const rows = page.getByRole('table').first().locator('tbody tr')
    const points =
      plot.panels[0]?.lines.flatMap((line) => line.points.map((point) => ({ line, point }))) ?? []
    expect(await rows.count()).toBe(points.length)
    for (const [index, { line, point }] of points.entries()) {
      const cells = await rows.nth(index).locator('td').allInnerTexts()
      expect(cells.slice(0, 3)).toEqual([
        line.label,
        point.method,
        (point.mean ?? NaN).toFixed(3).replace('-', '−'),
      ])
      expect(cells[5]).toBe(String(point.count))
    }
    const tally = await page.getByRole('list', { name: 'What is in the figure' }).innerText()
    const outside = points.reduce((sum, { point }) => sum + point.outOfRange, 0)
    expect(tally).toContain(`${outside} value`)
  })

  it('keeps metric, cap and choice of maps in the address', async () => {
    const page = await suite.open('/figures')
    await drawn(page)
    await page.getByText('Default τ 0.80').click()
    await page.getByText('Audited only').click()
    await page.getByRole('combobox', { name: 'Metric' }).selectOption({ label: 'Cosine similarity' })
    const { searchParams } = new URL(page.url())
    expect(Object.fromEntries(searchParams)).toEqual({ metric: 'cosine', tau: 'default', maps: 'audited' })
    await page.getByText('No audited maps yet').waitFor()
    await page.reload()
    await page.getByText('No audited maps yet').waitFor()
    await page.getByRole('button', { name: 'Review maps' }).click()
    await page.waitForURL(/\/review/)
  })

  it('saves the figure as a large PNG on white in both themes, and its numbers as CSV', async () => {
    for (const colourScheme of ['dark', 'light'] as const) {
      const page = await suite.open('/figures?metric=cosine', { colourScheme })
      await drawn(page)
      const [picture] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'PNG' }).click(),
      ])
      expect(picture.suggestedFilename()).toBe('heatproof-cosine.png')
      const { width, height, data } = PNG.sync.read(readFileSync(await picture.path()))
      expect(width).toBeGreaterThanOrEqual(2000)
      expect(height).toBeGreaterThanOrEqual(1000)
      expect([...data.subarray(0, 4)]).toEqual([255, 255, 255, 255])
      const ink = data.filter((value, index) => index % 4 === 0 && value < 128).length
      expect(ink).toBeGreaterThan(2000)
    }
    const page = await suite.open('/figures?metric=cosine')
    await drawn(page)
    const [table] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'CSV' }).click(),
    ])
    const lines = readFileSync(await table.path(), 'utf8')
      .trim()
      .split(/\r?\n/)
    const plot = await suite.app.call('figures.pointPlot', { metric: 'cosine' })
    for (const point of plot.panels.flatMap((panel) => panel.lines.flatMap((line) => line.points))) {
      expect(lines.some((line) => line.includes(point.method) && line.includes(String(point.mean)))).toBe(
        true,
      )
    }
  })
})
