import { readFileSync } from 'node:fs'
import { PNG } from 'pngjs'
import { describe, expect, it } from 'vitest'
import { waitForJob } from './support/sample.ts'
import { screenshot } from './support/browser.ts'
import { screenSuite } from './support/screen-suite.ts'

const MODELS = ['deep-mnist-3-digits-maj-seq-12-fold-1', 'rlstm-mnist-3-digits-maj-seq-12-fold-1']

describe('sanity checks', () => {
  const suite = screenSuite({ sample: false })

  it('say what they are for, and start from there', async () => {
    await suite.app.call('models.addShipped', { names: MODELS })
    const page = await suite.open('/figures?figure=sanity', { colourScheme: 'light' })
    await page.getByText('No sanity checks yet').waitFor()
    await screenshot(page, 'sanity-empty-light')
    await page.getByRole('button', { name: 'Check a model' }).click()
    await page.getByRole('textbox', { name: 'Sequences', exact: true }).fill('6')
    await page.getByText('Validation', { exact: true }).click()
    await page.getByRole('textbox', { name: 'Fold', exact: true }).fill('2')
    await page.getByRole('textbox', { name: 'Sample seed', exact: true }).fill('7')
    const draws = page.getByRole('textbox', { name: 'Draws of weights', exact: true })
    await draws.fill('11')
    await page.getByText('Expected 1 to 10.').waitFor()
    await draws.fill('2')
    await page.getByText('60 pairs of maps').waitFor()
    await screenshot(page, 'sanity-new-light')
    await page.getByText('Another model', { exact: true }).click()
    await page.getByRole('combobox', { name: 'Other model' }).waitFor()
    await page.getByText('Fresh weights by layer', { exact: true }).click()
    await page.getByRole('button', { name: 'Start' }).click()
    await page.getByRole('img', { name: /by stage/ }).waitFor({ timeout: 120_000 })
    const [job] = await suite.app.call('jobs.list', {})
    await waitForJob(suite.app, job?.id ?? 0)
    await page.getByRole('group', { name: /Sanity check: Deep/ }).waitFor({ state: 'detached' })
    await screenshot(page, 'sanity-light')
    const [check] = await suite.app.call('sanity.list', {})
    expect(check?.request).toMatchObject({ split: 'validation', fold: 2, sampleSeed: 7, seeds: 2 })
    await page.getByText('(seeds 1 to 2)').waitFor()
  })

  it('state the same numbers as the engine, for every likeness', async () => {
    const page = await suite.open('/figures', { width: 1600, height: 1000 })
    await page.getByText('No figures yet').waitFor()
    await page.goto(suite.app.address('/figures?figure=sanity&metric=ssim'))
    await page.getByRole('img', { name: /by stage/ }).waitFor()
    const [{ id } = { id: 0 }] = await suite.app.call('sanity.list', {})
    const check = await suite.app.call('sanity.get', { id })
    await page.getByRole('button', { name: 'Show the numbers' }).click()
    await screenshot(page, 'sanity-dark')
    const expected = check.stages.flatMap((stage) =>
      stage.values
        .filter(({ metric }) => metric === 'ssim')
        .map((value) => [stage.name, value.method, value.mean] as const),
    )
    const rows = page.getByRole('table').locator('tbody tr')
    expect(await rows.count()).toBe(expected.length)
    for (const [index, [name, method, mean]] of expected.entries()) {
      const cells = await rows.nth(index).locator('td').allInnerTexts()
      const printed = mean === null ? '–' : mean.toFixed(3).replace('-', '−')
      expect([cells[0], cells[2], cells[3]]).toEqual([name, method, printed])
    }
    await page.getByRole('combobox', { name: 'Likeness' }).selectOption('spearman_absolute')
    expect(new URL(page.url()).searchParams.get('metric')).toBe('spearman_absolute')
    await page.getByRole('img', { name: /two absolute maps by stage/ }).waitFor()
  })

  it('have a model to compare with that learned random labels', async () => {
    const page = await suite.open('/runs')
    await page.getByRole('button', { name: 'Train a model' }).click()
    await page.getByText('deep-mnist-3-digits-maj-seq-12-fold-1', { exact: true }).last().waitFor()
    await page.getByText('Random labels', { exact: true }).first().click()
    await page.getByText('deep-mnist-3-digits-maj-seq-12-fold-1-random-labels', { exact: true }).waitFor()
    await screenshot(page, 'train-random-labels')
  })

  it('save the figure on white, and all numbers as CSV', async () => {
    const page = await suite.open('/figures?figure=sanity')
    await page.getByRole('img', { name: /by stage/ }).waitFor()
    const [picture] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'PNG' }).click(),
    ])
    expect(picture.suggestedFilename()).toMatch(/^heatproof-sanity-\d+-spearman\.png$/)
    const { width, data } = PNG.sync.read(readFileSync(await picture.path()))
    expect(width).toBeGreaterThanOrEqual(2000)
    expect([...data.subarray(0, 4)]).toEqual([255, 255, 255, 255])
    expect(data.filter((value, index) => index % 4 === 0 && value < 128).length).toBeGreaterThan(2000)
    const [table] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'CSV' }).click(),
    ])
    const lines = readFileSync(await table.path(), 'utf8')
      .trim()
      .split('\n')
    expect(lines).toHaveLength(1 + 6 * 6 * 4)
  })
})
