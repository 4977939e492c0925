import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { screenshot } from './support/browser.ts'
import { screenSuite } from './support/screen-suite.ts'

const BY = 'Ada'

describe('an empty workspace', () => {
  const suite = screenSuite({ sample: false })

  it('says what Export is for', async () => {
    const page = await suite.open('/export')
    await page.getByText('Nothing to take away yet').waitFor()
    await screenshot(page, 'export-empty-dark')
  })
})

describe('with the sample and some verdicts', () => {
  const suite = screenSuite({ sample: true })

  beforeAll(async () => {
    const { app } = suite
    const queue = await app.call('review.createQueue', { filter: {}, order: 'sequence', size: 12 })
    const items = await app.call('review.items', { queueId: queue.id, reviewer: BY, offset: 0, limit: 12 })
    const mapIds = items.map((item) => item.mapId)
    await app.call('review.decide', { mapIds: mapIds.slice(0, 8), reviewer: BY, verdict: 'accept' })
    await app.call('review.decide', {
      mapIds: mapIds.slice(8),
      reviewer: BY,
      verdict: 'fail',
      modes: ['diffuse'],
    })
  })

  it('previews, writes and verifies a set, and says what was changed afterwards', async () => {
    const { app } = suite
    const page = await suite.open('/export', { height: 1000 })
    const form = page.getByRole('region', { name: 'What is written' })
    const preview = form.getByRole('status')
    const { matching } = await app.call('exports.preview', { filter: {} })
    await expect
      .poll(() => preview.innerText())
      .toContain(`12 of ${matching.toLocaleString('en-US')} matching maps`)
    await form.getByText('Accepted', { exact: true }).click()
    await expect.poll(() => preview.innerText()).toContain('8 of ')
    await form.getByText('Failed', { exact: true }).click()
    await expect.poll(() => preview.innerText()).toContain('4 of ')
    await form.getByLabel('Consensus').selectOption('Unanimous')
    await form.getByText('Consensus is what all reviewers say').waitFor()
    await form.getByLabel('Scores under').selectOption('Default (τ 0.8, no θ)')
    await form.getByText('Accepted', { exact: true }).click()
    await expect.poll(() => preview.innerText()).toContain('8 of ')
    await form.getByLabel('Name of the new folder').fill('../outside')
    await form.getByText('Expected letters, digits').waitFor()
    expect(await form.getByRole('button', { name: 'Write' }).isDisabled()).toBe(true)
    await form.getByLabel('Name of the new folder').fill('my set')
    await form.getByRole('button', { name: 'Write' }).click()
    const past = page.getByRole('region', { name: 'Past exports' })
    await past.getByText(/my set$/).waitFor()
    const [record] = await app.call('exports.list', {})
    const folder = join(dirname(app.workspace), 'my set')
    expect(record).toMatchObject({ maps: 8, format: 'folder', createdBy: BY })
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
    expect(manifest).toMatchObject({
      selection: { include: 'accepted', rule: 'unanimous', reviewers: null, calibration: 'default' },
    })
    expect(existsSync(folder)).toBe(true)
    await past.getByRole('button', { name: `Copy the hash ${record?.manifestSha256 ?? ''}` }).waitFor()

    await past.getByRole('button', { name: 'Verify' }).click()
    await past.getByText(/files as written/).waitFor()
    await screenshot(page, 'export-verified-dark')
    const table = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((name) =>
      name.endsWith('.csv'),
    )
    appendFileSync(join(folder, table ?? ''), 'one more line\n')
    await past.getByRole('button', { name: 'Verify' }).click()
    await past.getByText('1 difference').waitFor()
    expect(await past.getByRole('alert').innerText()).toContain(table)
    await screenshot(page, 'export-changed-dark')
  })

  it('narrows the set by the filter in the address, as a zip', async () => {
    const { app } = suite
    const page = await suite.open('/export', { width: 1920, height: 1080, colourScheme: 'light' })
    const filters = page.getByRole('region', { name: 'Which maps' })
    await filters.getByRole('group', { name: 'Method' }).getByRole('checkbox', { name: /^dtd/ }).click()
    await expect.poll(() => new URL(page.url()).searchParams.get('filter')).toBe('{"method":["dtd"]}')
    const form = page.getByRole('region', { name: 'What is written' })
    await form.getByText('All', { exact: true }).click()
    await form.getByText('Zip file', { exact: true }).click()
    const { maps } = await app.call('exports.preview', { filter: { method: ['dtd'] }, include: 'any' })
    await expect
      .poll(() => form.getByRole('status').innerText())
      .toContain(`${maps} of ${maps} matching maps`)
    await form.getByLabel('Name of the zip file').fill('only dtd')
    await form.getByRole('button', { name: 'Write' }).click()
    await expect
      .poll(async () => (await app.call('exports.list', {})).find((entry) => entry.format === 'zip')?.maps, {
        timeout: 30_000,
      })
      .toBe(maps)
    await page
      .getByRole('region', { name: 'Past exports' })
      .getByText('Audited set, zip', { exact: true })
      .waitFor()
    await screenshot(page, 'export-light-1920')
    await page.reload()
    await filters.getByRole('button', { name: 'Clear 1 filter' }).click()
    expect(new URL(page.url()).searchParams.get('filter')).toBeNull()
  })
})
