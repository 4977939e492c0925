import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { screenshot } from './support/browser.ts'
import { parameter, shownMap } from './support/review-page.ts'
import { waitForJob } from './support/sample.ts'
import { screenSuite } from './support/screen-suite.ts'

const MATRIX = { name: 'Models and methods' } as const
const cells = (page: Page) => page.getByRole('region', MATRIX).locator('a[data-map]')
const rows = (page: Page) => page.getByRole('table', { name: 'Pairs of maps' }).locator('.all [role="row"]')

/** Waits until every picture that is drawn is painted. */
async function painted(page: Page): Promise<void> {
  await page.locator('canvas[data-painted]').first().waitFor()
  await page.waitForLoadState('networkidle')
}

/** Colours of a painted picture, to tell pictures apart. */
async function pixels(page: Page, selector: string): Promise<string> {
  return page.evaluate<string>(`document.querySelector('${selector} canvas').toDataURL()`)
}

/** The numbers of one column of the pairs that are drawn, in their order. */
async function column(page: Page, place: number): Promise<number[]> {
  const drawn = await rows(page).evaluateAll<
    { top: number; text: string }[],
    number,
    { offsetTop: number; children: ArrayLike<{ textContent: string | null }> }
  >((all, at) => all.map((row) => ({ top: row.offsetTop, text: row.children[at]?.textContent ?? '' })), place)
  return drawn
    .sort((a, b) => a.top - b.top)
    .map(({ text }) => Number.parseFloat(text.trim().replace('−', '-')))
}

describe('one sequence', () => {
  const suite = screenSuite({ sample: true })

  it('is compared from Review by C, and a cell opens there', async () => {
    const page = await suite.open('/review')
    const map = await shownMap(page)
    await page.keyboard.press('c')
    await page.getByRole('region', MATRIX).waitFor()
    const { sampleId } = await suite.app.call('review.item', { mapId: map })
    expect(parameter(page, 'sequence')).toBe(sampleId)
    expect(await cells(page).count()).toBe(18)
    await painted(page)
    expect(await page.locator(`a[data-map="${map}"]`).count()).toBe(1)
    await screenshot(page, 'compare-dark')
    const other = cells(page).nth(13)
    const wanted = Number(await other.getAttribute('data-map'))
    await other.focus()
    await page.keyboard.press('Enter')
    expect(await shownMap(page)).toBe(wanted)
    expect(parameter(page, 'map')).toBe(wanted)
    const queue = await suite.app.call('review.queue', { id: parameter(page, 'queue') })
    expect(queue).toMatchObject({ length: 18, request: { filter: { sample: sampleId }, order: 'sequence' } })
    await page.goBack()
    await page.getByRole('region', MATRIX).waitFor()
    expect(parameter(page, 'sequence')).toBe(sampleId)
    await page.goBack()
    expect(await shownMap(page)).toBe(map)
  })

  it('shows the values, shares and verdicts that Review shows', async () => {
    const sequence = await suite.app.call('compare.sequence', { sampleId: 4, metric: 'cosine' })
    const [map] = sequence?.maps ?? []
    if (map === undefined) throw new Error('no map')
    await suite.app.call('review.decide', { mapIds: [map.mapId], reviewer: 'Ada', verdict: 'unsure' })
    const page = await suite.open('/compare?sequence=4&metric=cosine')
    const cell = page.locator(`a[data-map="${map.mapId}"]`)
    const name = (await cell.getAttribute('aria-label')) ?? ''
    const item = await suite.app.call('review.item', { mapId: map.mapId })
    const value = item.scores.find(({ metric }) => metric === 'cosine')?.value ?? NaN
    expect(name).toContain(`Cosine similarity ${value.toFixed(3)}`)
    expect(name).toContain('your verdict: unsure')
    expect(await cell.locator('.below').textContent()).toContain(value.toFixed(3))
  })

  it('goes on by the arrow keys, and the address follows', async () => {
    const page = await suite.open('/compare')
    await page.getByText('1 of 200').waitFor()
    await page.keyboard.press('ArrowRight')
    await page.getByText('2 of 200').waitFor()
    await page.keyboard.press('End')
    await page.getByText('200 of 200').waitFor()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowLeft')
    await page.getByText('199 of 200').waitFor()
    expect(parameter(page, 'sequence')).toBe(199)
    await page.reload()
    await page.getByText('199 of 200').waitFor()
  })

  it('puts maps on their own scale, one a method, or one for all', async () => {
    const page = await suite.open('/compare?sequence=2')
    await painted(page)
    const sequence = await suite.app.call('compare.sequence', { sampleId: 2, metric: 'cosine' })
    const maps = (sequence?.maps ?? []).filter(({ method }) => method === 'gb')
    const sizes = maps.map(({ high }) => high)
    const weaker = maps[sizes.indexOf(Math.min(...sizes))]?.mapId ?? 0
    const stronger = maps[sizes.indexOf(Math.max(...sizes))]?.mapId ?? 0
    const look = async () => Promise.all([weaker, stronger].map((id) => pixels(page, `a[data-map="${id}"]`)))
    const own = await look()
    await page.keyboard.press('s')
    expect(new URL(page.url()).searchParams.get('scale')).toBe('method')
    const shared = await look()
    expect(shared[0]).not.toBe(own[0])
    expect(shared[1]).toBe(own[1])
    await page.getByText('One for all').click()
    expect(new URL(page.url()).searchParams.get('scale')).toBe('all')
    await page.getByText(/One scale for all maps/).waitFor()
    await page.keyboard.press('s')
    expect(new URL(page.url()).searchParams.get('scale')).toBeNull()
    expect(await look()).toEqual(own)
  })

  it('offers to compute a missing map on the same sequences', async () => {
    const models = await suite.app.call('models.list', {})
    const run = await suite.app.call('runs.start', {
      modelIds: [models[0]?.id ?? 0],
      methods: ['lrp_eps'],
      dataset: 'mnist-3-digits-maj',
      count: 3,
    })
    await waitForJob(suite.app, run.jobId)
    const page = await suite.open('/compare?sequence=3')
    await page.getByRole('button', { name: /No map of lrp_eps:?.* for R-LSTM/ }).click()
    const dialog = page.getByRole('dialog', { name: 'New run' })
    await dialog.getByText('1 of 3', { exact: false }).or(dialog.getByText('3 maps')).first().waitFor()
    await screenshot(page, 'compare-missing')
    await dialog.getByRole('button', { name: 'Start' }).click()
    await page.locator('a[aria-label*="lrp_eps of R-LSTM"]').waitFor()
  })

  it('lets one choose which class is explained where maps explain several', async () => {
    const models = await suite.app.call('models.list', {})
    const wrong = await suite.app.call('review.createQueue', {
      filter: { correct: false, method: ['sa'] },
      order: 'sequence',
    })
    const [item] = await suite.app.call('review.items', {
      queueId: wrong.id,
      reviewer: 'Ada',
      offset: 0,
      limit: 1,
    })
    if (item === undefined) throw new Error('no wrong prediction in the sample')
    const run = await suite.app.call('runs.start', {
      modelIds: models.map(({ id }) => id),
      methods: ['sa'],
      dataset: 'mnist-3-digits-maj',
      count: 200,
      target: 'predicted',
    })
    await waitForJob(suite.app, run.jobId)
    const page = await suite.open(`/compare?sequence=${item.sampleId}`)
    await page.locator(`a[data-map="${item.mapId}"]`).waitFor()
    await page.getByText('Prediction', { exact: true }).click()
    expect(new URL(page.url()).searchParams.get('target')).toBe('predicted')
    await page.locator(`a[data-map="${item.mapId}"]`).waitFor({ state: 'detached' })
    await page.getByText(`class ${item.predicted}`, { exact: true }).first().waitFor()
    await screenshot(page, 'compare-prediction')
  })

  it('is a link in the provenance of a map', async () => {
    const page = await suite.open('/review')
    const map = await shownMap(page)
    await page.getByRole('link', { name: 'compare', exact: true }).click()
    await page.locator(`a[data-map="${map}"]`).waitFor()
  })

  it('does not tell what blind hides', async () => {
    const page = await suite.open('/review')
    await shownMap(page)
    await page.keyboard.press('x')
    await page.keyboard.press('c')
    await page.getByText('Compare names models and methods').waitFor()
    expect(new URL(page.url()).pathname).toBe('/review')
    expect(await page.getByRole('link', { name: 'compare', exact: true }).count()).toBe(0)
    await page.keyboard.press('x')
  })

  it('is in the list of keys', async () => {
    const page = await suite.open('/compare')
    await page.getByRole('region', MATRIX).waitFor()
    await page.keyboard.press('?')
    const dialog = page.getByRole('dialog', { name: 'Keys' })
    await dialog.getByText('Compare this sequence').waitFor()
    await dialog.getByRole('heading', { name: 'Compare' }).waitFor()
  })

  it('that is not there is named, with a way on', async () => {
    const page = await suite.open('/compare?sequence=99999', { expected: /404/ })
    await page.getByText('no sequence 99999').waitFor()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('1 of 200').waitFor()
  })
})

describe('pairs of maps', () => {
  const suite = screenSuite({ sample: true })

  it('are sorted by agreement, with the difference of each', async () => {
    const page = await suite.open('/compare')
    await page.getByRole('region', MATRIX).waitFor()
    await page.keyboard.press('p')
    await rows(page).first().waitFor()
    await page.getByRole('combobox', { name: 'A', exact: true }).selectOption('sa')
    await page.getByRole('combobox', { name: 'B', exact: true }).selectOption('dtd')
    const request = {
      a: { modelId: 1, method: 'sa' },
      b: { modelId: 1, method: 'dtd' },
      target: 'label',
    } as const
    const summary = await suite.app.call('compare.summary', request)
    await page.getByText('Mean over all 200 sequences').waitFor()
    for (const { mean } of summary.means) {
      await page
        .getByText((mean ?? NaN).toFixed(3).replace('-', '−'), { exact: true })
        .first()
        .waitFor()
    }
    await page.getByRole('button', { name: 'Spearman', exact: true }).click()
    expect(new URL(page.url()).searchParams.get('sort')).toBe('spearman')
    const spearman = summary.pairs
      .flatMap(({ agreement }) => agreement.filter(({ metric }) => metric === 'spearman'))
      .flatMap(({ value }) => value ?? [])
      .sort((a, b) => a - b)
    const rounded = (values: number[]) => values.map((value) => Number(value.toFixed(3)))
    await expect.poll(() => column(page, 4)).toEqual(rounded(spearman.slice(0, await rows(page).count())))
    await painted(page)
    await screenshot(page, 'compare-pairs-dark')
    await page.getByRole('button', { name: 'Spearman', exact: true }).click()
    await expect.poll(async () => (await column(page, 4))[0]).toBe(rounded(spearman.slice(-1))[0])
    await painted(page)
    const first = page.locator('[data-difference]').first()
    const [a = 0, b = 0] = ((await first.getAttribute('data-difference')) ?? '').split(' ').map(Number)
    const before = await pixels(page, `[data-difference="${a} ${b}"]`)
    await page.getByRole('button', { name: 'Swap A and B' }).click()
    await page.locator(`[data-difference="${b} ${a}"] canvas[data-painted]`).waitFor()
    expect(await pixels(page, `[data-difference="${b} ${a}"]`)).not.toBe(before)
    await page.reload()
    await page.locator(`[data-difference="${b} ${a}"]`).waitFor()
    await page.locator(`a[data-map="${b}"]`).click()
    expect(await shownMap(page)).toBe(b)
  })

  it('are restricted to the queue of Review, or to that of a saved filter', async () => {
    const filter = { label: [3], method: ['dtd'] }
    const queue = await suite.app.call('review.createQueue', { filter, order: 'random', size: 8 })
    const saved = { filter: { label: [4] }, order: 'random' as const, size: 0 }
    await suite.app.call('review.saveFilter', { name: 'All fours', request: saved })
    const page = await suite.open(`/review?queue=${queue.id}`)
    const map = await shownMap(page)
    await page.keyboard.press('c')
    await page.getByRole('region', MATRIX).waitFor()
    await page.keyboard.press('p')
    await page.getByText('Mean over all 200 sequences').waitFor()
    const over = page.getByRole('combobox', { name: 'over' })
    await over.selectOption(`Queue ${queue.id}, 8 maps`)
    await expect.poll(() => rows(page).count()).toBeLessThanOrEqual(8)
    const { sampleId } = await suite.app.call('review.item', { mapId: map })
    await page.locator(`a[href*="sequence=${sampleId}"]`).first().waitFor()
    await screenshot(page, 'compare-pairs-queue')
    await over.selectOption('All fours')
    await expect.poll(() => parameter(page, 'queue')).toBeGreaterThan(queue.id)
    const drawn = await suite.app.call('review.queue', { id: parameter(page, 'queue') })
    expect(drawn.request.filter).toEqual({ label: [4] })
    await over.selectOption('All sequences')
    await page.getByText('Mean over all 200 sequences').waitFor()
  })

  it('can be two models by a method, and lead to the whole sequence', async () => {
    const page = await suite.open('/compare?view=pairs')
    await page.getByText('Two models', { exact: true }).click()
    await page.getByRole('combobox', { name: 'by' }).selectOption('dtd')
    const link = rows(page).nth(1).getByRole('link', { name: /^no\./ })
    await link.click()
    await page.getByText('2 of 200').waitFor()
    await page.goBack()
    await page.getByRole('columnheader', { name: 'A · Deep' }).waitFor()
  })

  it('say what is missing', async () => {
    const page = await suite.open('/compare?view=pairs&pair=models&method=dtd')
    await rows(page).first().waitFor()
    const run = await suite.app.call('runs.start', {
      modelIds: [1],
      methods: ['lrp_eps'],
      dataset: 'mnist-3-digits-maj',
      count: 2,
      seed: 9,
    })
    await waitForJob(suite.app, run.jobId)
    await page.goto(suite.app.address('/compare?view=pairs&a=sa&b=lrp_eps'))
    await page.getByText('No sequence has both maps').waitFor()
    await page.getByRole('button', { name: 'Start a run' }).waitFor()
  })
})

describe('an empty workspace', () => {
  const suite = screenSuite({ sample: false })

  it('says what Compare is for and offers the sample', async () => {
    const page = await suite.open('/compare')
    await page.getByText('Nothing to compare yet').waitFor()
    await page.getByRole('button', { name: 'Open the sample' }).waitFor()
  })
})
