import { beforeAll, describe, expect, it } from 'vitest'
import { screenshot } from './support/browser.ts'
import { parameter } from './support/review-page.ts'
import { screenSuite } from './support/screen-suite.ts'
import { decideByDominance } from './support/verdicts.ts'

const BY = 'Ada'

describe('an empty workspace', () => {
  const suite = screenSuite({ sample: false })

  it('says what Calibrate is for', async () => {
    const page = await suite.open('/calibrate')
    await page.getByText('Nothing to calibrate yet').waitFor()
    await screenshot(page, 'calibrate-empty-dark')
  })
})

describe('with too few verdicts', () => {
  const suite = screenSuite({ sample: true })

  it('says how many of what are missing, and opens the queue that supplies them', async () => {
    const page = await suite.open('/calibrate', { colourScheme: 'light' })
    await page.getByText('10 more needed').first().waitFor()
    expect(await page.getByText('10 more needed').count()).toBe(2)
    expect(await page.getByRole('button', { name: 'Fit', exact: true }).isDisabled()).toBe(true)
    await screenshot(page, 'calibrate-few-light')
    await page.getByRole('button', { name: 'Review likely failures' }).click()
    await page.waitForURL(/\/review\?.*queue=\d+/)
    const { request } = await suite.app.call('review.queue', { id: parameter(page, 'queue') })
    expect(request).toMatchObject({
      filter: { verdict: ['none'], explained: ['label', 'predicted'] },
      order: 'worst_first',
      metric: 'capped_percentage',
      randomShare: 0.2,
    })
  })
})

describe('with enough verdicts', () => {
  const suite = screenSuite({ sample: true })

  beforeAll(async () => {
    await decideByDominance(suite.app, BY, 80)
  })

  it('fits, previews a dragged threshold, saves, activates and undoes', async () => {
    const { app } = suite
    const page = await suite.open('/calibrate?metric=dominance', { height: 1100 })
    await page.getByRole('button', { name: 'Fit', exact: true }).click()
    const fit = await app.call('calibration.fit', { metric: 'dominance' })
    const summary = page.getByRole('region', { name: 'Fit', exact: true })
    await summary.getByText(fit.theta.value.toFixed(3), { exact: true }).waitFor()
    await summary.getByText(fit.auc.value.toFixed(3), { exact: true }).first().waitFor()
    for (const warning of fit.warnings) await summary.getByText(warning).waitFor()

    const line = page.getByRole('slider', { name: 'Threshold θ' })
    const matrix = page.getByRole('table').first()
    expect(await matrix.innerText()).toContain(String(fit.confusion.truePositive))
    await screenshot(page, 'calibrate-fit-dark')
    await line.focus()
    await page.keyboard.press('ArrowRight')
    const next = fit.roc
      .map((point) => point.theta)
      .sort((left, right) => left - right)
      .find((theta) => theta > fit.theta.value + 1e-12)
    await page.getByText(`Confusion matrix at θ ${(next ?? NaN).toFixed(3)}`).waitFor()
    await page.getByText('Preview; nothing is changed.').waitFor()
    await page.getByRole('button', { name: 'Back to the fit' }).click()
    await page.getByText(`Confusion matrix at θ ${fit.theta.value.toFixed(3)}`).waitFor()

    const ranking = page.getByRole('region', { name: 'Metrics by agreement with the reviewers' })
    expect(await ranking.locator('tbody tr').count()).toBe(fit.ranking.length)

    await page.getByRole('button', { name: 'Save as version' }).click()
    const versions = page.getByRole('region', { name: 'Versions' })
    await versions.getByRole('button', { name: 'v1' }).waitFor()
    await versions.getByRole('row', { name: /^v1/ }).getByRole('button', { name: 'Activate' }).click()
    await versions.getByRole('row', { name: /^v1/ }).getByText('active').waitFor()
    await expect.poll(async () => (await app.call('workspace.summary', {})).calibration.version).toBe(1)
    await versions.getByRole('button', { name: 'Undo the last activation' }).click()
    await versions
      .getByRole('row', { name: /^Default/ })
      .getByText('active')
      .waitFor()
    expect((await app.call('workspace.summary', {})).calibration.id).toBeNull()
  })

  it('drags τ with the mouse, shows its ROC-AUC, and opens a saved version by its address', async () => {
    const { app } = suite
    const saved = await app.call('calibration.save', { metric: 'capped_percentage', createdBy: BY })
    const address = `/calibrate?metric=capped_percentage&mode=single_item_dominance&version=${saved.id}`
    const page = await suite.open(address, { width: 1920, height: 1080, colourScheme: 'light' })
    await page.getByText(`Version ${saved.version}, as it was saved.`).waitFor()
    const line = page.getByRole('slider', { name: 'Cap τ' }).last()
    await line.scrollIntoViewIfNeeded()
    const start = await line.boundingBox()
    if (start === null) throw new Error('The line of τ is not drawn.')
    const direction = saved.fit.tau !== null && saved.fit.tau.value > 0.75 ? -1 : 1
    await page.mouse.move(start.x + start.width / 2, start.y + start.height / 2)
    await page.mouse.down()
    await page.mouse.move(start.x + direction * 200, start.y + start.height / 2, { steps: 5 })
    await page.mouse.up()
    const tau = Number(await line.getAttribute('aria-valuenow'))
    expect(Math.sign(tau - (saved.fit.tau?.value ?? NaN))).toBe(direction)
    const row = saved.fit.aucByTau.find((entry) => Math.abs(entry.tau - tau) < 1e-9)
    await page.getByText(`τ ${tau.toFixed(2)}: ${(row?.auc ?? NaN).toFixed(3)}`).waitFor()
    await screenshot(page, 'calibrate-version-light-1920')
  })

  it('opens the cells of the confusion matrix in Review', async () => {
    const page = await suite.open('/calibrate?metric=dominance')
    await page.getByRole('button', { name: 'Fit', exact: true }).click()
    await page.getByRole('table').first().getByRole('link').first().click()
    await page.waitForURL(/\/review\?.*queue=\d+/)
    const queue = await suite.app.call('review.queue', { id: parameter(page, 'queue') })
    const fit = await suite.app.call('calibration.fit', { metric: 'dominance' })
    expect(queue.request.filter).toMatchObject({ verdict: ['fail'], mode: ['single_item_dominance'] })
    expect(queue.length).toBe(fit.confusion.truePositive)
  })
})
