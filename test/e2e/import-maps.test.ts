import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { arrayFiles, int32, writeFolder } from '../integration/imports/array-fixture.ts'
import { accessibilityProblems, cutElements } from './support/accessibility.ts'
import { screenshot } from './support/browser.ts'
import { discFiles } from './support/discs.ts'
import { screenSuite } from './support/screen-suite.ts'

const SCREENS = [
  ['light', 1280, 800],
  ['dark', 1280, 800],
  ['dark', 1920, 1080],
] as const

describe('importing maps', () => {
  const suite = screenSuite({ sample: false })

  it('offers what lies in the folder, shows what it was taken for, and stores it once it is confirmed', async () => {
    const [folder = ''] = (await suite.app.call('workspace.summary', {})).folders
    writeFolder(join(folder, 'my-maps'), arrayFiles())
    writeFolder(join(folder, 'worn'), { ...arrayFiles(), 'labels.npy': int32([2], [0, 1]) })
    const page = await suite.open('/runs', { colourScheme: 'dark', expected: /400/ })
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Import maps, images, a set or verdicts' })
    const action = dialog.getByRole('button', { name: 'Import', exact: true })
    const what = dialog.getByLabel('What')
    await what.locator('option', { hasText: 'worn' }).waitFor({ state: 'attached' })
    expect(await what.locator('option').allInnerTexts()).toEqual([
      'my-maps – NumPy arrays',
      'worn – NumPy arrays',
      'Another path …',
    ])

    await what.selectOption({ label: 'worn – NumPy arrays' })
    await dialog.getByRole('button', { name: 'Look at it' }).click()
    await dialog.getByText(/shape \[2\].*labels\.npy/).waitFor()
    expect(await action.isDisabled()).toBe(true)

    await what.selectOption({ label: 'my-maps – NumPy arrays' })
    await dialog.getByLabel('Network').fill('ResNet-50')
    await dialog.getByRole('button', { name: 'Look at it' }).click()
    await dialog.getByText('import:shap:positive').waitFor()
    await dialog.getByText('sample 0: label 0, says 0').waitFor()
    await screenshot(page, 'import-maps-dark')
    expect(await cutElements(page)).toEqual([])
    expect(await accessibilityProblems(page)).toEqual([])
    await dialog.getByLabel('Network').fill('ResNet')
    expect(await action.isDisabled()).toBe(true)
    await dialog.getByRole('button', { name: 'Look at it' }).click()
    await action.click()
    await dialog.waitFor({ state: 'detached' })
    const row = page.getByRole('region', { name: 'Models and methods' }).getByRole('row', { name: /ResNet/ })
    await row.waitFor()
    expect(
      (await suite.app.call('imports.list', {})).map(({ source, counts }) => [source, counts['maps']]),
    ).toEqual([['my-maps', 12]])
  })

  it('takes images without maps, to be explained by a run', async () => {
    const [folder = ''] = (await suite.app.call('workspace.summary', {})).folders
    writeFolder(join(folder, 'photos'), discFiles())
    writeFileSync(join(folder, 'said.csv'), 'map,verdict\n1,accept\n')
    const page = await suite.open('/runs', { colourScheme: 'dark' })
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Import maps, images, a set or verdicts' })
    const what = dialog.getByLabel('What')
    await what.selectOption({ label: 'said.csv – Verdicts' })
    await dialog.getByLabel('Name of the samples').waitFor({ state: 'detached' })
    await what.selectOption({ label: 'photos – NumPy arrays' })
    await dialog.getByLabel('Made by').waitFor()
    await dialog.getByRole('button', { name: 'Look at it' }).click()
    await dialog.getByText('12 images, to be explained by a run').waitFor()
    await dialog.getByText('sample 1: label green', { exact: true }).waitFor()
    expect(await dialog.getByLabel('Made by').count()).toBe(0)
    for (const [theme, width, height] of SCREENS) {
      await page.emulateMedia({ colorScheme: theme })
      await page.setViewportSize({ width, height })
      await page.waitForTimeout(200)
      await screenshot(page, `import-images-${theme}-${width}`)
      expect(await cutElements(page)).toEqual([])
    }
    expect(await accessibilityProblems(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Import', exact: true }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('12 images without maps, to be explained by a run').waitFor()
    await screenshot(page, 'imported-images-listed-dark-1920')
    expect(await cutElements(page)).toEqual([])
    await page.getByRole('button', { name: 'New run', exact: true }).click()
    await page
      .getByRole('dialog', { name: 'New run' })
      .getByLabel('Data set')
      .locator('option', { hasText: 'photos: 12 imported images of 32 × 32, 3 channels' })
      .waitFor({ state: 'attached' })
  })
})
