import { beforeAll, describe, expect, it } from 'vitest'
import { accessibilityProblems, cutElements } from './support/accessibility.ts'
import { screenshot } from './support/browser.ts'
import { parameter, shownMap } from './support/review-page.ts'
import { waitForJob } from './support/sample.ts'
import { screenSuite } from './support/screen-suite.ts'

const MODELS = ['deep-mnist-3-digits-maj-seq-12-fold-1', 'rlstm-mnist-3-digits-maj-seq-12-fold-1']
const SEQUENCES = 9

describe('one class for all sequences', () => {
  const suite = screenSuite({ sample: false })

  beforeAll(async () => {
    const models = await suite.app.call('models.addShipped', { names: MODELS })
    const { jobId } = await suite.app.call('runs.start', {
      modelIds: models.map(({ id }) => id),
      methods: ['sa'],
      dataset: 'mnist-3-digits-maj',
      count: SEQUENCES,
    })
    await waitForJob(suite.app, jobId)
  })

  it('is chosen by its name in a new run, and stands beside its maps from then on', async () => {
    const page = await suite.open('/runs')
    await page.getByRole('button', { name: 'New run', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'New run' })
    const classes = dialog.getByRole('combobox', { name: 'Class', exact: true })
    await dialog.getByRole('group', { name: 'Methods' }).getByRole('button', { name: 'None' }).click()
    await dialog.getByText('sa', { exact: true }).click()
    await dialog.getByRole('textbox', { name: 'Sequences', exact: true }).fill(String(SEQUENCES))
    await dialog.getByText('nothing left to compute').waitFor()
    expect(await classes.count()).toBe(0)
    await dialog.getByText('One class', { exact: true }).click()
    await dialog.getByRole('combobox', { name: 'Data set' }).selectOption('fashion-mnist-3-items-maj')
    expect((await classes.locator('option').allTextContents()).slice(6)).toEqual([
      'Shirt',
      'Sneaker',
      'Bag',
      'Ankle boot',
    ])
    await dialog.getByRole('combobox', { name: 'Data set' }).selectOption('mnist-3-digits-maj')
    await classes.selectOption('3')
    await dialog.getByText(`${MODELS.length * SEQUENCES} maps`, { exact: true }).waitFor()
    await screenshot(page, 'runs-new-class-dark')
    expect([await cutElements(page), await accessibilityProblems(page)]).toEqual([[], []])
    await dialog.getByText('Prediction', { exact: true }).click()
    await dialog.getByText('One class', { exact: true }).click()
    expect(await classes.inputValue()).toBe('3')
    await dialog.getByRole('button', { name: 'Start' }).click()
    await dialog.waitFor({ state: 'detached' })

    await expect.poll(async () => (await suite.app.call('runs.list', {})).length).toBe(2)
    const [run] = await suite.app.call('runs.list', {})
    expect(run).toMatchObject({ target: 3, methods: ['sa'] })
    await waitForJob(suite.app, run?.jobId ?? 0)
    const runs = page.getByRole('region', { name: 'All runs' })
    await runs.getByRole('button', { name: /9 sequences, class 3/ }).click()
    await runs.getByText('class 3', { exact: true }).waitFor()
    const { facets } = await suite.app.call('review.facets', { filter: { target: [3] } })
    const others = facets['explained']?.find(({ value }) => value === 'other')?.count ?? 0
    expect(others).toBeGreaterThan(SEQUENCES)
    const cells = page.getByRole('region', { name: 'Models and methods' })
    await cells.getByText('of other classes, left out').first().waitFor({ state: 'attached' })
    await screenshot(page, 'runs-class-dark')

    await runs.getByRole('button', { name: 'Review these maps' }).click()
    await shownMap(page)
    const queue = await suite.app.call('review.queue', { id: parameter(page, 'queue') })
    expect(queue).toMatchObject({ matching: MODELS.length * SEQUENCES, request: { filter: { target: [3] } } })
    const item = await suite.app.call('review.item', { mapId: await shownMap(page) })
    expect(item).toMatchObject({ target: 3, explained: 'other' })
    const provenance = page.getByRole('region', { name: 'Provenance' })
    await provenance.getByText(/class 3, logit/).waitFor()
    await provenance.getByText('neither label nor prediction').waitFor()
    await page.getByText('this map explains class 3: figures').waitFor()
    const filters = page.getByRole('complementary', { name: 'Queue and filters' })
    expect(await filters.getByRole('region', { name: 'Explains' }).innerText()).toContain('another class')
    await provenance.scrollIntoViewIfNeeded()
    await filters.getByRole('region', { name: 'Explained class' }).scrollIntoViewIfNeeded()
    await screenshot(page, 'review-class-dark')
    expect([await cutElements(page), await accessibilityProblems(page)]).toEqual([[], []])
  })

  it('is left out of figures, which say how many maps', async () => {
    const page = await suite.open('/figures', { width: 1920, height: 1080, colourScheme: 'light' })
    const { facets } = await suite.app.call('review.facets', { filter: {} })
    const others = facets['explained']?.find(({ value }) => value === 'other')?.count
    await page.getByText(`Left out: ${others} maps of a class that is neither`).first().waitFor()
    await screenshot(page, 'figures-class-light-1920')
    await page.goto(suite.app.address('/calibrate'))
    await page.getByText('of another class').waitFor()
    await screenshot(page, 'calibrate-class-light-1920')
    await page.goto(suite.app.address('/runs'))
    await page.getByText('+ those of other classes, left out').waitFor()
    await screenshot(page, 'runs-class-light-1920')
    await page.goto(suite.app.address('/figures?figure=sanity'))
    await page.getByRole('button', { name: 'Check a model' }).click()
    await page.getByText('One class', { exact: true }).click()
    await page.getByRole('combobox', { name: 'Class', exact: true }).selectOption('7')
    await screenshot(page, 'sanity-class-light-1920')
    expect([await cutElements(page), await accessibilityProblems(page)]).toEqual([[], []])
  })
})
