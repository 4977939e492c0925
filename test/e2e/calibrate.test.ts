import { beforeAll, describe, expect, it } from 'vitest'
import { rareClassParadox } from '../../src/shared/agreement-text.ts'
import { screenshot } from './support/browser.ts'
import { parameter, shownMap } from './support/review-page.ts'
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

  it('counts all maps again while τ is dragged, and says what the fit rests on', async () => {
    const { app } = suite
    const saved = await app.call('calibration.save', { metric: 'capped_percentage', createdBy: BY })
    const page = await suite.open(`/calibrate?metric=capped_percentage&version=${saved.id}`, { height: 1100 })
    const { fit } = saved
    const request = { metric: fit.metric, mode: fit.mode, versionId: saved.id }
    const count = async (tau: number) => {
      const { failing } = await app.call('calibration.preview', { ...request, tau, theta: fit.theta.value })
      return failing.toLocaleString('en-US')
    }
    const matrix = page.locator('.confusion')
    await matrix.getByText(`maps, ${await count(fit.tau?.value ?? NaN)} (`).waitFor()
    const line = page.getByRole('slider', { name: 'Cap τ' }).first()
    await line.focus()
    for (let step = 0; step < 12; step += 1) await page.keyboard.press('ArrowRight')
    const tau = Number(await line.getAttribute('aria-valuenow'))
    await matrix.getByText(`maps, ${await count(tau)} (`).waitFor()
    await page.getByText(`The bars are drawn at τ ${tau.toFixed(2)}`).waitFor()
    await page.getByRole('button', { name: 'Back to the fit' }).click()
    const report = page.getByRole('region', { name: 'Report' })
    await report.getByText('Agreement with reviewers is not faithfulness').waitFor()
    await report.getByText(`decided by 1 reviewer in 1 queue`).waitFor()
  })

  it('chooses θ by a miss rate, and says what it rests on', async () => {
    const page = await suite.open('/calibrate?metric=dominance')
    await page.getByLabel('θ by').selectOption({ label: 'misses at most 20 %' })
    await page.getByRole('button', { name: 'Fit', exact: true }).click()
    const summary = page.getByRole('region', { name: 'Fit', exact: true })
    await summary
      .getByText(/θ by misses at most 20 %, resting on \d+ failing maps of \d+ sequences/)
      .waitFor()
    await screenshot(page, 'calibrate-miss-rate-dark')
  })

  it('says that a version is stale, makes it again, compares it, and takes Review along and back', async () => {
    const { app } = suite
    const first = await app.call('calibration.save', { metric: 'capped_percentage', createdBy: BY })
    const second = await app.call('calibration.save', {
      ...{ metric: 'capped_percentage', createdBy: BY, rule: { kind: 'cost', ratio: 10 } },
    })
    await app.call('calibration.activate', { id: second.id, by: BY })
    const page = await suite.open(`/calibrate?version=${second.id}`, { height: 1100 })
    const banner = page.getByRole('banner')
    await banner.getByText(`v${second.version}`).waitFor()

    await page.getByRole('button', { name: 'Make again' }).click()
    await page.getByText('every byte is the same').waitFor()
    await page.getByLabel('Compare with').selectOption(`v${first.version}`)
    const comparison = page.getByRole('region', {
      name: `Version ${second.version} beside version ${first.version}`,
    })
    await comparison.getByText('are predicted to fail by both').waitFor()
    await screenshot(page, 'calibrate-compare-dark')

    await app.call('review.decide', { mapIds: [1], reviewer: 'Bob', verdict: 'unsure', modes: [] })
    await page.getByText('Stale: 1 verdict came in').waitFor()
    await banner.getByText(`v${second.version} · 1 newer`).waitFor()

    await banner.getByText(`v${second.version}`).click()
    await page.getByRole('link', { name: 'Review', exact: true }).click()
    await shownMap(page)
    const judged = page.getByText(new RegExp(`v${second.version}`))
    expect(await judged.count()).toBeGreaterThan(0)
    await app.call('calibration.undo', { by: BY })
    await banner.getByText(`v${second.version}`).waitFor({ state: 'detached' })
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

  it('measures the agreement of reviewers, with the paradox of the rare class where it strikes', async () => {
    const { app } = suite
    const page = await suite.open('/calibrate?metric=dominance', { height: 1100 })
    const panel = page.getByRole('region', { name: 'Agreement between reviewers' })
    const items = await app.call('review.items', { queueId: 1, reviewer: 'Grace', offset: 0, limit: 60 })
    for (const [at, { mapId }] of items.entries()) {
      for (const reviewer of ['Grace', 'Mary']) {
        const flags = reviewer === 'Mary' ? at === 3 : at === 3 || at === 7
        await app.call('review.decide', {
          ...{
            mapIds: [mapId],
            reviewer,
            verdict: flags ? 'fail' : 'accept',
            modes: flags ? ['diffuse'] : [],
          },
        })
      }
    }
    await panel.getByRole('button', { name: 'Measure' }).click()
    await panel.getByText(/60 maps of \d+ base sequences decided by two or more/).waitFor()
    const agreement = await app.call('calibration.agreement', {})
    const paradoxes = agreement.between.filter((measures) => rareClassParadox(measures) !== null)
    expect(paradoxes.length).toBeGreaterThan(0)
    expect(await panel.getByText('chance alone would agree nearly as often').count()).toBe(paradoxes.length)
    await screenshot(page, 'calibrate-paradox-dark')
    await panel.getByRole('combobox').selectOption({ label: 'Grace and Mary' })
    const pair = agreement.pairs.find(({ first }) => first === 'Grace')
    const row = panel.getByRole('row', { name: /^Diffuse/ })
    const measures = pair?.measures.find(({ on }) => on === 'diffuse')
    expect(await row.innerText()).toContain((measures?.krippendorff.value ?? NaN).toFixed(2))
    expect(await panel.getByRole('row', { name: /^Single/ }).innerText()).toContain('undefined')
    await panel.scrollIntoViewIfNeeded()
    await screenshot(page, 'calibrate-agreement-dark')
  })
})
