import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeFolder } from '../integration/imports/array-fixture.ts'
import { cutElements } from './support/accessibility.ts'
import { screenshot } from './support/browser.ts'
import { discFiles } from './support/discs.ts'
import { parameter } from './support/review-page.ts'
import { waitForJob } from './support/sample.ts'
import { screenSuite } from './support/screen-suite.ts'

const MATRIX = 'Models and methods'

describe('an empty workspace', () => {
  const suite = screenSuite({ sample: false })

  it('lists the jobs also where there is no model yet', async () => {
    const [folder = ''] = (await suite.app.call('workspace.summary', {})).folders
    const path = writeFolder(join(folder, 'discs'), discFiles())
    const { jobId } = await suite.app.call('imports.start', { path, options: {}, createdBy: 'Ada' })
    await waitForJob(suite.app, jobId)
    const page = await suite.open('/runs', { colourScheme: 'light' })
    await page.getByText('No models yet').waitFor()
    const [job] = await suite.app.call('jobs.list', {})
    const jobs = page.getByRole('region', { name: 'Jobs' })
    await jobs.getByText(job?.detail ?? 'no job').waitFor()
    const sets = page.getByRole('region', { name: 'Imported sets' })
    await sets.getByRole('button', { name: 'Delete the set discs …' }).waitFor()
    await screenshot(page, 'runs-jobs-without-models-light')
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.waitForTimeout(200)
    await screenshot(page, 'runs-jobs-without-models-dark')
    expect(await cutElements(page)).toEqual([])
  })

  it('says what Runs is for and offers the sample', async () => {
    const page = await suite.open('/runs')
    await page.getByText('No models yet').waitFor()
    await screenshot(page, 'runs-empty-dark')
    await page.getByRole('button', { name: 'Open the sample' }).click()
    await page.getByRole('region', { name: MATRIX }).waitFor()
  })
})

describe('with the sample', () => {
  const suite = screenSuite({ sample: true })

  it('shows every model and method with the mean that the engine gives', async () => {
    const page = await suite.open('/runs?metric=cosine', { width: 1920, height: 1080, colourScheme: 'light' })
    const { models, methods, cells } = await suite.app.call('runs.matrix', { metric: 'cosine' })
    expect(models.length).toBeGreaterThanOrEqual(2)
    const matrix = page.getByRole('region', { name: MATRIX })
    await matrix.waitFor()
    for (const [row, model] of models.entries()) {
      for (const [column, method] of methods.entries()) {
        const cell = cells.find((entry) => entry.modelId === model.id && entry.method === method)
        const text = await matrix.locator('tbody tr').nth(row).locator('td').nth(column).innerText()
        expect(text).toContain(cell?.mean?.toFixed(3).replace('-', '−'))
        expect(text).toContain(String(cell?.maps))
      }
    }
    await screenshot(page, 'runs-light-1920')
  })

  it('opens a cell in Review, filtered on its model and method', async () => {
    const page = await suite.open('/runs')
    const { models, methods } = await suite.app.call('runs.matrix', { metric: 'capped_percentage' })
    await page
      .getByRole('region', { name: MATRIX })
      .locator('tbody tr')
      .nth(1)
      .locator('td')
      .nth(2)
      .locator('a')
      .click()
    await page.waitForURL(/\/review\?.*queue=\d+/)
    const { request } = await suite.app.call('review.queue', { id: parameter(page, 'queue') })
    expect(request.filter).toEqual({ model: [models[1]?.id], method: [methods[2]] })
    expect(request.order).toBe('worst_first')
  })

  it('says what a run costs before it starts, runs it and lists it with its provenance', async () => {
    const page = await suite.open('/runs')
    await page.getByRole('button', { name: 'New run', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'New run' })
    await dialog.getByRole('group', { name: 'Methods' }).getByRole('button', { name: 'None' }).click()
    await dialog.getByText('Choose at least one method.').waitFor()
    await dialog.getByLabel('Another method').fill('lrp_a3b1')
    await dialog.getByText('Expected lrp_aALPHAbBETA').waitFor()
    await dialog.getByLabel('Another method').fill('lrp_a3b2')
    await dialog.getByLabel('Another method').press('Enter')
    await dialog.getByRole('textbox', { name: 'Sequences', exact: true }).fill('0')
    await dialog.getByText('Expected 1 to 100000.').waitFor()
    expect(await dialog.getByRole('button', { name: 'Start' }).isDisabled()).toBe(true)
    await dialog.getByRole('textbox', { name: 'Sequences', exact: true }).fill('7')
    await dialog.getByRole('textbox', { name: 'Seed', exact: true }).fill('11')
    const { models } = await suite.app.call('runs.matrix', { metric: 'cosine' })
    await dialog.getByText(`${models.length * 7} maps`, { exact: true }).waitFor()
    await screenshot(page, 'runs-new-dark')
    await dialog.getByRole('button', { name: 'Start' }).click()
    await dialog.waitFor({ state: 'detached' })
    await expect.poll(async () => (await suite.app.call('runs.list', {})).length).toBe(2)
    const run = (await suite.app.call('runs.list', {})).find((other) => other.seed === 11)
    expect(run).toMatchObject({ methods: ['lrp_a3b2'], sampleSet: { count: 7 } })
    await waitForJob(suite.app, run?.jobId ?? 0)
    const entry = page
      .getByRole('region', { name: 'All runs' })
      .getByRole('button', { name: run?.title ?? '' })
    await entry.click()
    await page.getByRole('region', { name: 'All runs' }).getByText('7, drawn with seed 11').waitFor()
    await page.getByRole('region', { name: MATRIX }).getByText('lrp_a3b2', { exact: true }).waitFor()
    await page.reload()
    await page.getByText('7, drawn with seed 11').waitFor()
    expect(await entry.getAttribute('aria-expanded')).toBe('true')
  })

  it('does not start a run whose maps are all there, and says so', async () => {
    const page = await suite.open('/runs')
    await page.getByRole('button', { name: 'New run', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'New run' })
    const start = dialog.getByRole('button', { name: 'Start' })
    await dialog.getByRole('textbox', { name: 'Sequences', exact: true }).fill('3')
    await dialog.getByText('Nothing left to compute').waitFor()
    await dialog.getByText(/^all \d+ maps are there already$/).waitFor()
    expect(await start.isDisabled()).toBe(true)
    await screenshot(page, 'runs-new-nothing-left-dark')
    await dialog.getByRole('textbox', { name: 'Seed', exact: true }).fill('13')
    await dialog.getByText('on disk').waitFor()
    expect(await start.isEnabled()).toBe(true)
  })

  it('keeps the form and says why when the run cannot be started', async () => {
    const page = await suite.open('/runs', { expected: /ERR_INTERNET_DISCONNECTED/ })
    await page.getByRole('button', { name: 'New run', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'New run' })
    await dialog.getByRole('textbox', { name: 'Sequences', exact: true }).fill('3')
    await dialog.getByRole('textbox', { name: 'Seed', exact: true }).fill('12')
    await dialog.getByText('on disk').waitFor()
    const runs = (await suite.app.call('runs.list', {})).length
    await page.context().setOffline(true)
    await dialog.getByRole('button', { name: 'Start' }).click()
    const problem = dialog.getByRole('alert')
    await problem.getByText('The run was not started').waitFor()
    await screenshot(page, 'runs-new-refused-dark')
    expect(await dialog.getByRole('textbox', { name: 'Sequences', exact: true }).inputValue()).toBe('3')
    await page.context().setOffline(false)
    await dialog.getByRole('button', { name: 'Start' }).click()
    await dialog.waitFor({ state: 'detached' })
    await expect.poll(async () => (await suite.app.call('runs.list', {})).length).toBe(runs + 1)
  })

  it('trains a model with live curves, and can be cancelled and resumed', async () => {
    const page = await suite.open('/runs', { height: 1100 })
    await page.getByRole('button', { name: 'Train a model' }).click()
    const dialog = page.getByRole('dialog', { name: 'Train a model' })
    await dialog.getByRole('textbox', { name: 'Epochs', exact: true }).fill('40')
    await dialog.getByRole('textbox', { name: 'Fold', exact: true }).fill('5')
    await dialog.getByText('All training sequences of the fold').click()
    await dialog.getByRole('textbox', { name: 'Sequences an epoch', exact: true }).fill('500')
    await dialog.getByText('deep-mnist-3-digits-maj-seq-12-fold-5').waitFor()
    await dialog.getByRole('button', { name: 'Train', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
    const job = (await suite.app.call('jobs.list', {})).find((other) => other.kind === 'train')
    const panel = page.getByRole('region', { name: job?.title ?? '' })
    await panel.getByRole('img', { name: /Loss by epoch/ }).waitFor()
    await panel.getByText(/validation \d/).waitFor()
    await screenshot(page, 'runs-training-dark')
    await panel.getByRole('button', { name: 'Cancel' }).click()
    await panel.getByRole('button', { name: 'Resume' }).click()
    await panel.getByRole('button', { name: 'Cancel' }).click()
    await panel.getByRole('button', { name: 'Resume' }).waitFor()
    const { done } = await suite.app.call('jobs.get', { id: job?.id ?? 0 })
    expect(done).toBeGreaterThan(0)
  })

  it('saves the weights that the engine has, and imports them only when they are whole', async () => {
    const page = await suite.open('/runs', { expected: /status of 400/ })
    const [model] = await suite.app.call('models.list', {})
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: `Save the weights of ${model?.name ?? ''} as safetensors` }).click(),
    ])
    const weights = readFileSync(await download.path())
    expect(createHash('sha256').update(weights).digest('hex')).toBe(model?.sha256)
    const before = (await suite.app.call('models.list', {})).length
    const buffer = weights.subarray(0, weights.length - 100)
    await page.getByRole('button', { name: 'Add a model' }).click()
    await page
      .getByLabel('Model file (safetensors, ONNX, Keras)')
      .setInputFiles({ name: 'cut.safetensors', mimeType: 'application/octet-stream', buffer })
    await page.getByText('cut.safetensors was not imported').waitFor()
    expect(await suite.app.call('models.list', {})).toHaveLength(before)
  })

  it('explains a method one click away', async () => {
    const page = await suite.open('/runs')
    await page.getByRole('button', { name: 'What is Deep Taylor decomposition?' }).click()
    await page.getByText('never negative and adds up to the logit').waitFor()
    await page.keyboard.press('Escape')
    await page.getByText('never negative and adds up to the logit').waitFor({ state: 'hidden' })
  })
})
