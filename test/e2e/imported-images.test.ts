import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { writeAnyModel } from '../../src/engine/graph/any-model.ts'
import { float32, writeFolder } from '../integration/imports/array-fixture.ts'
import { damageWeights } from '../integration/support/damage-weights.ts'
import { smallNetwork } from '../integration/support/small-network.ts'
import { accessibilityProblems, cutElements } from './support/accessibility.ts'
import { screenshot } from './support/browser.ts'
import { COUNT, discFiles, SIZE } from './support/discs.ts'
import { shownMap } from './support/review-page.ts'
import { waitForJob } from './support/sample.ts'
import { screenSuite } from './support/screen-suite.ts'

describe('images of a network from elsewhere', () => {
  const suite = screenSuite({ sample: true })

  beforeAll(async () => {
    const [folder = ''] = (await suite.app.call('workspace.summary', {})).folders
    const { rows, columns } = SIZE
    const files = discFiles()
    const path = writeFolder(join(folder, 'discs'), {
      ...files,
      'predictions.npy': files['labels.npy'],
      'maps/old.npy': float32([COUNT, rows, columns], new Float32Array(COUNT * rows * columns).fill(1)),
    })
    const { jobId } = await suite.app.call('imports.start', { path, options: {}, createdBy: 'Ada' })
    await waitForJob(suite.app, jobId)
    for (const [name, side] of [
      ['colour-net', 32],
      ['wide-net', 64],
    ] as const) {
      const network = smallNetwork({ name, ...SIZE, columns: side })
      const base64 = Buffer.from(writeAnyModel(network)).toString('base64')
      await suite.app.call('models.import', { fileName: `${name}.safetensors`, base64 })
    }
  })

  it('are explained in a run by the models that read their size, and reviewed', async () => {
    const page = await suite.open('/runs', { colourScheme: 'dark' })
    await page.getByRole('button', { name: 'New run', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'New run' })
    const source = dialog.getByLabel('Data set')
    await source.selectOption({ label: 'discs: 12 imported images of 32 × 32, 3 channels' })
    const models = dialog.getByRole('group', { name: 'Models' })
    await models.getByRole('checkbox', { name: /colour-net/ }).waitFor()
    expect(await models.getByRole('checkbox').count()).toBe(1)
    await dialog.getByText('108 maps', { exact: true }).waitFor()
    await screenshot(page, 'run-on-set-dark-1280')
    expect(await cutElements(page)).toEqual([])
    expect(await accessibilityProblems(page)).toEqual([])
    await page.emulateMedia({ colorScheme: 'light' })
    await page.waitForTimeout(200)
    await screenshot(page, 'run-on-set-light-1280')
    await page.emulateMedia({ colorScheme: 'dark' })
    await dialog.getByRole('textbox', { name: 'Images' }).fill('13')
    await dialog.getByText('Expected 1 to 12.').waitFor()
    await dialog.getByRole('textbox', { name: 'Images' }).fill('12')
    await dialog.getByText('108 maps', { exact: true }).waitFor()
    await dialog.getByRole('button', { name: 'Start' }).click()
    await dialog.waitFor({ state: 'detached' })
    const title = 'colour-net × 9 methods on 12 imported samples'
    await expect.poll(async () => (await suite.app.call('runs.list', {}))[0]?.title).toBe(title)
    const [run] = await suite.app.call('runs.list', {})
    await waitForJob(suite.app, run?.jobId ?? 0)
    const runs = page.getByRole('region', { name: 'All runs' })
    await runs.getByRole('button', { name: title }).click()
    await runs.getByText('12 of discs, imported').waitFor()
    await screenshot(page, 'run-on-set-listed-dark-1280')
    await runs.getByRole('button', { name: 'Review these maps' }).click()
    await shownMap(page)
    await page.getByText('discs, no. ').waitFor()
    await page.getByRole('checkbox', { name: /^0 \(0, red\)/ }).waitFor()
    expect(await page.getByText(/^Computed$/).count()).toBe(1)
    for (const [theme, width, height] of [
      ['dark', 1280, 800],
      ['light', 1280, 800],
      ['dark', 1920, 1080],
    ] as const) {
      await page.emulateMedia({ colorScheme: theme })
      await page.setViewportSize({ width, height })
      await page.waitForTimeout(200)
      await screenshot(page, `review-of-set-${theme}-${width}`)
      expect(await cutElements(page)).toEqual([])
    }
  })

  it('are compared, and what the network lacks for an image is computed from there', async () => {
    const { sets, models } = await suite.app.call('runs.inputs', {})
    const model = models.find(({ channels, columns }) => channels === 3 && columns === SIZE.columns)
    const { jobId } = await suite.app.call('runs.startOnSet', {
      ...{
        modelIds: [model?.id ?? 0],
        methods: ['gi'],
        sampleSetId: sets[0]?.id ?? 0,
        count: COUNT,
        target: 'label',
      },
    })
    await waitForJob(suite.app, jobId)
    const few = { modelIds: [model?.id ?? 0], methods: ['occlusion'], sampleSetId: sets[0]?.id ?? 0 }
    await waitForJob(
      suite.app,
      (await suite.app.call('runs.startOnSet', { ...few, count: 1, target: 'label' })).jobId,
    )
    const page = await suite.open('/compare?sequence=212', { colourScheme: 'dark' })
    const matrix = page.getByRole('region', { name: 'Models and methods' })
    await matrix.getByRole('button', { name: 'No map of occlusion for colour-net. Compute it.' }).waitFor()
    await page.getByRole('region', { name: 'Image', exact: true }).getByText('class blue').waitFor()
    await page.getByText('One image', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Next image' }).waitFor()
    await page.getByRole('list', { name: 'Regions' }).getByText('round disc of one colour').waitFor()
    await screenshot(page, 'compare-set-dark-1280')
    expect(await cutElements(page)).toEqual([])
    expect(await accessibilityProblems(page)).toEqual([])
    await page.emulateMedia({ colorScheme: 'light' })
    await page.waitForTimeout(200)
    await screenshot(page, 'compare-set-light-1280')
    await matrix.getByRole('button', { name: 'No map of occlusion for colour-net. Compute it.' }).click()
    const dialog = page.getByRole('dialog', { name: 'New run' })
    await dialog.getByText('12 maps', { exact: true }).waitFor()
    await dialog.getByText('1 there already').waitFor()
    expect(await dialog.getByRole('textbox', { name: 'Images' }).inputValue()).toBe('12')
    expect(await matrix.getByRole('button', { name: /import:old/ }).count()).toBe(0)
    const pairs = await suite.open(`/compare?view=pairs&model=${model?.id ?? 0}`)
    await pairs.getByRole('columnheader', { name: 'Image', exact: true }).waitFor()
    await pairs.getByText(/all 12 images/).waitFor()
    await screenshot(pairs, 'compare-pairs-of-images-dark-1280')
  })

  it('are offered without a model whose weights are damaged, which says so', async () => {
    await suite.app.stop()
    damageWeights(suite.app.workspace, smallNetwork({ name: 'wide-net', ...SIZE, columns: 64 }))
    await suite.app.restart()
    const page = await suite.open('/runs', { colourScheme: 'dark' })
    await page.getByRole('button', { name: 'New run', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'New run' })
    await dialog
      .getByLabel('Data set')
      .selectOption({ label: 'discs: 12 imported images of 32 × 32, 3 channels' })
    const models = dialog.getByRole('group', { name: 'Models' })
    const damaged = models.getByRole('checkbox', { name: /wide-net.*damaged/ })
    await damaged.waitFor()
    expect(await damaged.isDisabled()).toBe(true)
    await models.getByText(/Found damaged weights of model \d+, wide-net/).waitFor()
    expect(await models.getByRole('checkbox', { name: /colour-net/ }).isChecked()).toBe(true)
    for (const theme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme: theme })
      await page.waitForTimeout(200)
      await screenshot(page, `run-damaged-model-${theme}-1280`)
      expect(await cutElements(page)).toEqual([])
      expect(await accessibilityProblems(page)).toEqual([])
    }
  })

  it('are deleted with their runs and maps, once what goes was named, unless somebody has decided one', async () => {
    const page = await suite.open('/runs', { colourScheme: 'dark' })
    const panel = page.getByRole('region', { name: 'Imported sets' })
    await panel.getByText(/^12 images, 147 kB · \d runs$/).waitFor()
    await panel.getByRole('button', { name: 'Delete the set discs …' }).click()
    const dialog = page.getByRole('dialog', { name: 'Delete this set?' })
    await dialog.getByText('12 images go, with their regions and answers.').waitFor()
    await dialog.getByText('The run “colour-net × 9 methods on 12 imported samples” goes.').waitFor()
    await dialog.getByText('The network discs goes: nothing else of it is here.').waitFor()
    await dialog.getByText('There is no undo.').waitFor()
    for (const [theme, width, height] of [
      ['dark', 1280, 800],
      ['light', 1280, 800],
      ['light', 1920, 1080],
    ] as const) {
      await page.emulateMedia({ colorScheme: theme })
      await page.setViewportSize({ width, height })
      await page.waitForTimeout(200)
      await screenshot(page, `delete-set-${theme}-${width}`)
      expect(await cutElements(page)).toEqual([])
      expect(await accessibilityProblems(page)).toEqual([])
    }
    const [set] = await suite.app.call('sets.list', {})
    const { id: queueId } = await suite.app.call('review.createQueue', {
      ...{ filter: { sampleSet: [set?.id ?? 0] }, order: 'sequence', size: 1 },
    })
    const items = await suite.app.call('review.items', { queueId, reviewer: 'Ada', offset: 0, limit: 1 })
    const mapIds = items.map(({ mapId }) => mapId)
    await suite.app.call('review.decide', { reviewer: 'Ada', mapIds, verdict: 'accept' })
    await dialog
      .getByText(/Cannot be deleted: the set discs: 1 of its \d+ maps carries verdicts of Ada/)
      .waitFor()
    expect(await dialog.getByRole('button', { name: 'Delete the set' }).isDisabled()).toBe(true)
    expect(await dialog.getByText('There is no undo.').count()).toBe(0)
    await screenshot(page, 'delete-set-refused-light-1920')
    await dialog.getByRole('button', { name: 'Cancel' }).click()

    const [folder = ''] = (await suite.app.call('workspace.summary', {})).folders
    const { jobId } = await suite.app.call('imports.start', {
      ...{ path: join(folder, 'discs'), options: { name: 'spare' }, createdBy: 'Ada' },
    })
    await waitForJob(suite.app, jobId)
    await panel.getByRole('button', { name: 'Delete the set spare …' }).click()
    await dialog.getByText('12 maps go, with their values').waitFor()
    await dialog.getByRole('button', { name: 'Delete the set' }).click()
    await dialog.waitFor({ state: 'detached' })
    await panel.getByText('spare').waitFor({ state: 'detached' })
    await page.getByRole('region', { name: 'Jobs' }).getByText('Delete the set spare').waitFor()
    expect((await suite.app.call('runs.inputs', {})).sets.map(({ name }) => name)).toEqual(['discs'])
  })
})
