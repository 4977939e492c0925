import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { accessibilityProblems, cutElements } from './support/accessibility.ts'
import { SCREENSHOTS } from './support/browser.ts'
import { nextMap, position, shownMap } from './support/review-page.ts'
import { waitForJob } from './support/sample.ts'
import { screenSuite } from './support/screen-suite.ts'

const suite = screenSuite({ sample: true })

/** A small run of a method that the sample lacks; gives its id and title. */
async function startRun(methods: string[], count = 6): Promise<{ id: number; title: string }> {
  const [model] = await suite.app.call('models.list', {})
  const { runId, jobId } = await suite.app.call('runs.start', {
    ...{ modelIds: [model?.id ?? 0], methods, dataset: 'mnist-3-digits-maj', count },
  })
  await waitForJob(suite.app, jobId)
  const { title } = await suite.app.call('runs.get', { id: runId })
  return { id: runId, title }
}

describe('deleting a run in All runs', () => {
  let wrong = { id: 0, title: '' }
  beforeAll(async () => {
    wrong = await startRun(['lrp_a3b2', 'sa'])
  })

  it('says what goes, asks once, and takes the maps off every screen at once', async () => {
    const page = await suite.open(`/runs?run=${wrong.id}`)
    const other = await suite.open('/review')
    const { id: queue } = await suite.app.call('review.createQueue', {
      ...{ filter: { method: ['lrp_a3b2', 'gi'] }, order: 'sequence', size: 12, repeatShare: 0 },
    })
    await other.goto(`${suite.app.origin}/review?queue=${queue}`)
    const shown = await shownMap(other)
    const items = await suite.app.call('review.items', {
      queueId: queue,
      reviewer: 'Ada',
      offset: 0,
      limit: 20,
    })
    expect(items.filter(({ method }) => method === 'lrp_a3b2')).not.toEqual([])
    const staying = items.filter(({ method }) => method === 'gi').map(({ mapId }) => mapId)

    const panel = page.getByRole('region', { name: 'All runs' })
    await panel.getByText(/^6 maps, \d+(\.\d)? kB$/).waitFor()
    await panel.getByRole('button', { name: 'Delete …' }).click()
    const dialog = page.getByRole('dialog', { name: 'Delete this run?' })
    await dialog.getByText('6 maps go, with their values').waitFor()
    await dialog.getByText('6 maps stay, since another run needs them too.').waitFor()
    await dialog.getByText('There is no undo.').waitFor()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    expect(await suite.app.call('runs.list', {})).toHaveLength(2)

    await panel.getByRole('button', { name: 'Delete …' }).click()
    await dialog.getByRole('button', { name: 'Delete the run' }).click()
    await dialog.waitFor({ state: 'detached' })
    await panel.getByText(wrong.title).waitFor({ state: 'detached' })
    const matrix = page.getByRole('region', { name: 'Models and methods' })
    await matrix.getByText('lrp_a3b2', { exact: true }).waitFor({ state: 'detached' })
    await page.getByRole('region', { name: 'Jobs' }).getByText(`Delete ${wrong.title}`).waitFor()

    await expect
      .poll(async () => (await suite.app.call('review.queue', { id: queue })).length)
      .toBe(staying.length)
    await other.getByText(`of ${staying.length}`).first().waitFor()
    if (!staying.includes(shown)) await nextMap(other, shown)
    expect(staying).toContain(await shownMap(other))
    expect(staying[(await position(other)) - 1]).toBe(await shownMap(other))
  })

  it('is disabled with the reason, also in its open dialog, when a map of the run has a verdict', async () => {
    const page = await suite.open('/runs?run=1')
    const panel = page.getByRole('region', { name: 'All runs' })
    const button = panel.getByRole('button', { name: 'Delete …' })
    await expect.poll(() => button.isEnabled()).toBe(true)
    await button.click()
    const dialog = page.getByRole('dialog', { name: 'Delete this run?' })
    await dialog.getByText('There is no undo.').waitFor()
    const { id: queueId } = await suite.app.call('review.createQueue', {
      ...{ filter: { method: ['dtd'] }, order: 'sequence', size: 2 },
    })
    const items = await suite.app.call('review.items', { queueId, reviewer: 'Ada', offset: 0, limit: 2 })
    const mapIds = items.map(({ mapId }) => mapId)
    await suite.app.call('review.decide', { reviewer: 'Ada', mapIds, verdict: 'accept' })
    await dialog.getByText(/^Cannot be deleted: run 1: 2 of its 3,600 maps carry verdicts of Ada/).waitFor()
    expect(await dialog.getByRole('button', { name: 'Delete the run' }).isDisabled()).toBe(true)
    expect(await dialog.getByText('There is no undo.').count()).toBe(0)
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await panel.getByText('run 1: 2 of its 3,600 maps carry verdicts of Ada').waitFor()
    expect(await button.isDisabled()).toBe(true)
    expect(await button.getAttribute('title')).toContain('carry verdicts of Ada')
  })

  it('is not for reviewers, whose forged call is refused', async () => {
    const { token } = await suite.app.call('reviewers.add', { name: 'Bob' })
    const page = await suite.open('/runs?run=1', { token, expected: /403/ })
    const panel = page.getByRole('region', { name: 'All runs' })
    await panel.getByRole('button', { name: 'Review these maps' }).waitFor()
    expect(await panel.getByRole('button', { name: 'Delete …' }).count()).toBe(0)
    const status = await page.evaluate(async () => {
      const headers = { 'content-type': 'application/json' }
      return (await fetch('/rpc/runs.remove', { method: 'POST', headers, body: '{"id":1}' })).status
    })
    expect(status).toBe(403)
    expect(await suite.app.call('runs.list', {})).toHaveLength(1)
  })

  it('is legible in both themes and sizes, and nothing is cut', async () => {
    const { id } = await startRun(['lrp_a3b2', 'sa'])
    const page = await suite.open(`/runs?run=${id}`)
    await page.getByRole('button', { name: 'Delete …' }).click()
    await page.getByRole('dialog', { name: 'Delete this run?' }).waitFor()
    mkdirSync(join(SCREENSHOTS, 'screens'), { recursive: true })
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      for (const [width, height] of [
        [1280, 800],
        [1920, 1080],
      ] as const) {
        await page.setViewportSize({ width, height })
        await page.waitForTimeout(300)
        await page.screenshot({
          path: join(SCREENSHOTS, 'screens', `delete-run-${colorScheme}-${width}.png`),
        })
        expect.soft(await cutElements(page)).toEqual([])
      }
      expect.soft(await accessibilityProblems(page)).toEqual([])
    }
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    await page.goto(`${suite.app.origin}/runs?run=1`)
    await page.getByText('carry verdicts of Ada').waitFor()
    await page.getByText('carry verdicts of Ada').scrollIntoViewIfNeeded()
    await page.screenshot({ path: join(SCREENSHOTS, 'screens', 'delete-run-refused-light.png') })
  })
})
