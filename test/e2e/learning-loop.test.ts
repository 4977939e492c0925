import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { nextMap, shownMap } from './support/review-page.ts'
import { screenSuite } from './support/screen-suite.ts'

const suite = screenSuite({ sample: true })
const EACH = 12

/** Opens the queue that Calibrate offers for dominance, and decides the maps that come up by one key each. */
async function decideWhatIsMissing(page: Page, offer: string, key: string): Promise<void> {
  await page.getByLabel('Metric').selectOption({ label: 'Dominance' })
  await page.getByRole('button', { name: offer }).click()
  let map = await shownMap(page)
  for (let count = 0; count < EACH; count += 1) {
    await page.keyboard.press(key)
    map = await nextMap(page, map)
  }
  await page.getByRole('link', { name: 'Calibrate', exact: true }).click()
}

it('flags by keys, calibrates, activates, sees Review, Figures and the top bar follow, and takes it back', async () => {
  const page = await suite.open('/calibrate', { height: 1000 })
  await decideWhatIsMissing(page, 'Review likely failures', '1')
  await decideWhatIsMissing(page, 'Review likely good maps', 'a')

  await page.getByRole('button', { name: 'Fit', exact: true }).click()
  await page
    .getByRole('region', { name: 'Report' })
    .getByText(`${EACH} failed maps and ${EACH} accepted maps`)
    .waitFor()
  await page.getByRole('button', { name: 'Save as version' }).click()
  const versions = page.getByRole('region', { name: 'Versions' })
  await versions.getByRole('row', { name: /^v1/ }).getByRole('button', { name: 'Activate' }).click()
  const banner = page.getByRole('banner')
  await banner.getByText('v1').waitFor()
  const { tau } = (await suite.app.call('workspace.summary', {})).calibration
  expect(tau).not.toBe(0.8)
  const shown = `τ ${tau.toFixed(2)}`

  await page.getByRole('link', { name: 'Review', exact: true }).click()
  await page.getByText('Calibration v1 predicts').waitFor()
  await page.getByRole('link', { name: 'Figures', exact: true }).click()
  await page.getByRole('main').getByText(shown).first().waitFor()

  await page.getByRole('link', { name: 'Calibrate', exact: true }).click()
  await page.getByRole('button', { name: 'Undo the last activation' }).click()
  await banner.getByText('default').waitFor()
  await page.getByRole('link', { name: 'Figures', exact: true }).click()
  await page
    .getByRole('img', { name: /by method for/ })
    .first()
    .waitFor()
  expect(await page.getByRole('main').getByText(shown).count()).toBe(0)
  await page.getByRole('link', { name: 'Review', exact: true }).click()
  await shownMap(page)
  expect(await page.getByText('Calibration v1 predicts').count()).toBe(0)
})
