import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { accessibilityProblems } from './support/accessibility.ts'
import { shownMap } from './support/review-page.ts'
import { checkSanity } from './support/sanity.ts'
import { screenSuite } from './support/screen-suite.ts'
import { SCREENS, type PicturedScreen } from './support/screens.ts'
import { decideByDominance } from './support/verdicts.ts'

const opens =
  (button: string, dialog = button) =>
  async (page: Page) => {
    await page.getByRole('button', { name: button, exact: true }).first().click()
    await page.getByRole('dialog', { name: dialog }).waitFor()
  }

const presses = (key: string, dialog: string) => async (page: Page) => {
  await shownMap(page)
  await page.keyboard.press(key)
  await page.getByRole('dialog', { name: dialog }).waitFor()
}

const DIALOGS: readonly PicturedScreen[] = [
  { name: 'dialog to train', path: '/runs', ready: opens('Train a model') },
  {
    name: 'dialog of a new sanity check',
    path: '/figures?figure=sanity',
    ready: opens('New check', 'New sanity check'),
  },
  { name: 'command palette', path: '/review', ready: presses('Control+k', 'Command palette') },
  { name: 'list of keys', path: '/review', ready: presses('?', 'Keys') },
  {
    name: 'sentence behind an i',
    path: '/review',
    ready: async (page) => {
      await shownMap(page)
      await page.getByRole('button', { name: 'What is Cosine similarity?' }).first().click()
    },
  },
  {
    name: 'end of the tour',
    path: '/review',
    ready: async (page) => {
      await shownMap(page)
      await page.keyboard.press('Control+k')
      await page.keyboard.type('take the tour')
      await page.keyboard.press('Enter')
      for (let step = 0; step < 4; step += 1)
        await page.getByRole('button', { name: 'Next', exact: true }).press('Enter')
      await page.getByRole('dialog', { name: 'Now flag one yourself' }).waitFor()
    },
  },
]

describe('every screen and dialog', () => {
  const suite = screenSuite({ sample: true })
  beforeAll(async () => {
    await decideByDominance(suite.app, 'Ada', 80)
    await checkSanity(suite.app)
  })

  it('has names, roles, structure and contrast as WCAG 2.2 AA asks for, in both themes', async () => {
    const found: string[] = []
    for (const { name, path, ready } of [...SCREENS, ...DIALOGS]) {
      const page = await suite.open(path)
      await ready(page)
      for (const colorScheme of ['dark', 'light'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await page.waitForTimeout(200)
        found.push(
          ...(await accessibilityProblems(page)).map((problem) => `${name}, ${colorScheme}: ${problem}`),
        )
      }
      await page.close()
    }
    expect(found).toEqual([])
  })
})
