import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PNG } from 'pngjs'
import { describe, expect, it } from 'vitest'
import type { Locator, Page } from 'playwright-core'
import { FIGURE_NAMES, FIGURE_TEXTS } from '../../src/shared/figures.ts'
import { float32, int32, writeFolder } from '../integration/imports/array-fixture.ts'
import { screenshot } from './support/browser.ts'
import { waitForJob } from './support/sample.ts'
import { screenSuite } from './support/screen-suite.ts'

const drawn = (page: Page) =>
  page
    .getByRole('img', { name: /by method for/ })
    .first()
    .waitFor()

/** The content of a file that a link gives. */
async function downloaded(page: Page, link: Locator): Promise<{ name: string; content: Buffer }> {
  const [file] = await Promise.all([page.waitForEvent('download'), link.click()])
  return { name: file.suggestedFilename(), content: readFileSync(await file.path()) }
}

describe('an empty workspace', () => {
  const suite = screenSuite({ sample: false })

  it('says what Figures is for', async () => {
    const page = await suite.open('/figures', { colourScheme: 'light' })
    await page.getByText('No figures yet').waitFor()
    await screenshot(page, 'figures-empty-light')
  })

  it('has no significance either', async () => {
    const page = await suite.open('/figures?figure=significance')
    await page.getByText('No maps match.').waitFor()
  })

  it('says in the panel why maps of samples without regions have no value', async () => {
    const [folder = ''] = (await suite.app.call('workspace.summary', {})).folders
    const path = writeFolder(join(folder, 'bare'), {
      'inputs.npy': float32([4, 8, 8], new Float32Array(4 * 8 * 8).fill(0.5)),
      'labels.npy': int32([4], [0, 1, 0, 1]),
      'predictions.npy': int32([4], [0, 1, 0, 1]),
      'maps/gi.npy': float32([4, 8, 8], new Float32Array(4 * 8 * 8).fill(1)),
    })
    const { jobId } = await suite.app.call('imports.start', { path, options: {}, createdBy: 'Ada' })
    await waitForJob(suite.app, jobId)
    for (const colourScheme of ['dark', 'light'] as const) {
      const page = await suite.open('/figures', { colourScheme })
      await page.getByRole('img', { name: /no map has a value 4 maps undefined: no regions/ }).waitFor()
      await page.waitForTimeout(300)
      await screenshot(page, `figure-without-values-${colourScheme}-1280`)
    }
  })
})

describe('with the sample', () => {
  const suite = screenSuite({ sample: true })

  it('draws the metric by method and states the same numbers as the engine', async () => {
    const page = await suite.open('/figures?metric=percentage', { width: 1920, height: 1080 })
    const figure = await suite.app.call('figures.draw', { name: 'metrics', metric: 'percentage' })
    await drawn(page)
    await screenshot(page, 'figures-dark-1920')
    await page.getByText(figure.caption, { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Show the numbers' }).click()
    const rows = page.getByRole('table').first().locator('tbody tr')
    const [panel] = figure.panels
    const points = panel?.series.flatMap((line) => line.points.map((point) => ({ line, point }))) ?? []
    expect(await rows.count()).toBe(points.length)
    for (const [index, { line, point }] of points.entries()) {
      const cells = await rows.nth(index).locator('td').allInnerTexts()
      expect(cells.slice(0, 3)).toEqual([
        line.label,
        panel?.categories[point.category],
        (point.mean ?? NaN).toFixed(3).replace('-', '−'),
      ])
      expect(cells[5]).toBe(String(point.count))
    }
  })

  it('has every named figure one click away', async () => {
    const page = await suite.open('/figures', { width: 1920, height: 1080 })
    for (const name of FIGURE_NAMES) {
      await page.getByRole('link', { name: FIGURE_TEXTS[name].title, exact: true }).click()
      await page.getByRole('heading', { level: 1, name: FIGURE_TEXTS[name].title }).waitFor()
      const figure = await suite.app.call('figures.draw', { name })
      if (figure.panels.length + figure.pictures.length === 0) {
        for (const note of figure.notes) await page.getByText(note).waitFor()
        continue
      }
      await page.getByText(figure.caption, { exact: true }).waitFor()
      expect(await page.locator('.picture canvas').count()).toBe(figure.panels.length)
      expect(await page.locator('img[src^="/maps/"]').count()).toBe(figure.pictures.length)
      await page.waitForTimeout(200)
      await screenshot(page, `figure-${name}-dark-1920`)
    }
  })

  it('opens a dominated map in Review', async () => {
    const page = await suite.open('/figures?figure=dominance', { colourScheme: 'light' })
    const [picture] = (await suite.app.call('figures.draw', { name: 'dominance' })).pictures
    await page
      .getByRole('link')
      .filter({ has: page.getByAltText(`Map ${picture?.mapId ?? 0}`, { exact: true }) })
      .click()
    await page.waitForURL(/\/review/)
    await page.locator('canvas[data-painted]').first().waitFor()
    expect(new URL(page.url()).searchParams.get('map')).toBe(String(picture?.mapId))
  })

  it('keeps metric, cap and choice of maps in the address, and the last two from figure to figure', async () => {
    const page = await suite.open('/figures')
    await drawn(page)
    await page.getByText('Other τ').click()
    const slider = page.getByRole('slider', { name: 'τ' })
    await slider.fill('0.6')
    await page.getByText('τ 0.60 by method').waitFor()
    await page.getByText('Audited only').click()
    await page.getByRole('combobox', { name: 'Metric' }).selectOption({ label: 'Cosine similarity' })
    const parametersOf = () => Object.fromEntries(new URL(page.url()).searchParams)
    expect(parametersOf()).toEqual({ metric: 'cosine', tau: '0.6', maps: 'audited' })
    await page.getByRole('link', { name: 'Capped percentage', exact: true }).click()
    expect(parametersOf()).toEqual({ figure: 'capped', tau: '0.6', maps: 'audited' })
    await page.getByText('No audited maps yet').waitFor()
    await page.reload()
    await page.getByText('No audited maps yet').waitFor()
    await page.getByRole('button', { name: 'Review maps' }).click()
    await page.waitForURL(/\/review/)
  })

  it('saves the figure as a large PNG on white in both themes, as SVG, and its numbers as CSV', async () => {
    for (const colourScheme of ['dark', 'light'] as const) {
      const page = await suite.open('/figures?metric=cosine', { colourScheme })
      await drawn(page)
      const { name, content } = await downloaded(page, page.getByRole('link', { name: 'PNG' }))
      expect(name).toBe('heatproof-metrics-cosine.png')
      const { width, height, data } = PNG.sync.read(content)
      expect(width).toBeGreaterThanOrEqual(2000)
      expect(height).toBeGreaterThanOrEqual(1000)
      expect([...data.subarray(0, 4)]).toEqual([255, 255, 255, 255])
      expect(data.filter((value, index) => index % 4 === 0 && value < 128).length).toBeGreaterThan(2000)
    }
    const page = await suite.open('/figures?metric=cosine')
    await drawn(page)
    const svg = await downloaded(page, page.getByRole('link', { name: 'SVG' }))
    expect(svg.content.toString()).toContain('<svg')
    const table = await downloaded(page, page.getByRole('link', { name: 'CSV' }))
    const lines = table.content.toString().trim().split('\n')
    const figure = await suite.app.call('figures.draw', { name: 'metrics', metric: 'cosine' })
    for (const { series, categories } of figure.panels) {
      for (const { category, mean } of series.flatMap((line) => line.points)) {
        const method = categories[category] ?? ''
        expect(lines.some((line) => line.includes(method) && line.includes(String(mean)))).toBe(true)
      }
    }
  })

  it('compares methods and architectures in tables with CSV and LaTeX', async () => {
    const page = await suite.open('/figures?figure=significance&metric=cosine', { width: 1920, height: 1080 })
    const { tables } = await suite.app.call('figures.statistics', { metric: 'cosine' })
    await page.getByRole('table').first().waitFor()
    expect(await page.getByRole('table').count()).toBe(tables.length)
    const [pair] = tables[0]?.pairs ?? []
    const cells = await page
      .getByRole('table')
      .first()
      .locator('tbody tr')
      .first()
      .locator('td')
      .allInnerTexts()
    expect(cells.slice(0, 3)).toEqual([pair?.left, pair?.right, String(pair?.pairs)])
    await screenshot(page, 'significance-dark-1920')
    const latex = await downloaded(page, page.getByRole('link', { name: 'LaTeX' }))
    expect(latex.name).toBe('heatproof-methods-cosine.tex')
    expect(latex.content.toString()).toContain('\\begin{tabular}')
    await page.getByText('Architectures', { exact: true }).click()
    await page.getByRole('cell', { name: 'R-LSTM' }).first().waitFor()
    expect(new URL(page.url()).searchParams.get('compare')).toBe('architectures')
  })
})
