import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { accessibilityProblems, cutElements } from './support/accessibility.ts'
import { SCREENSHOTS } from './support/browser.ts'
import { shownMap } from './support/review-page.ts'
import { waitForJob } from './support/sample.ts'
import { checkSanity } from './support/sanity.ts'
import { screenSuite, type ScreenSuite } from './support/screen-suite.ts'
import { SCREENS } from './support/screens.ts'
import { decideByDominance } from './support/verdicts.ts'

const FOLDER = join(SCREENSHOTS, 'screens')
const THEMES = ['dark', 'light'] as const
const SIZES = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
]
const LONG_NAME =
  'Dr. Maximiliane-Charlotte von Hohenstein-Wittgenstein, Institute for Interpretable Machine Learning'

/** Opens a screen by a new link of somebody's own. */
async function openAsReviewer(suite: ScreenSuite, name: string, path: string): Promise<Page> {
  const { token } = await suite.app.call('reviewers.add', { name })
  const page = await suite.open(path, { token })
  await page.getByRole('banner').getByText(name, { exact: true }).waitFor()
  return page
}

/**
 * Takes the screen in both themes and sizes, and checks that nothing is cut off. What the sample shows is checked for its
 * accessibility in accessibility.test.ts.
 */
async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(FOLDER, { recursive: true })
  for (const colorScheme of THEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    for (const size of SIZES) {
      await page.setViewportSize(size)
      await page.waitForTimeout(200)
      await page.screenshot({ path: join(FOLDER, `${name}-${colorScheme}-${size.width}.png`) })
      expect.soft(await cutElements(page)).toEqual([])
    }
  }
}

/** Screens by their address; dialogs do not open without data. */
const EMPTY_SCREENS = SCREENS.filter(
  ({ path }, index) => SCREENS.findIndex((screen) => screen.path === path) === index,
)

describe('with the sample', () => {
  const suite = screenSuite({ sample: true, workspace: 'digits.heatproof' })
  beforeAll(async () => {
    await decideByDominance(suite.app, 'Ada', 80)
    await checkSanity(suite.app)
  })

  it.each(SCREENS)('shows $name without a flaw in both themes and sizes', async ({ name, path, ready }) => {
    const page = await suite.open(path)
    await ready(page)
    await picture(page, name)
  })

  it('shows a reviewer by their own link without a flaw in both themes and sizes', async () => {
    for (const path of ['/review', '/runs', '/settings']) {
      const page = await openAsReviewer(suite, `Emmy, ${path}`, path)
      await page.getByRole('heading', { level: 1 }).waitFor({ state: 'attached' })
      await picture(page, `reviewer-${path.slice(1)}`)
    }
  })
})

describe('with long names', () => {
  const suite = screenSuite({
    sample: true,
    reviewer: LONG_NAME,
    workspace:
      'Relevance of every majority sequence, first and second reading, autumn 2026 (do not change).heatproof',
  })
  beforeAll(async () => {
    const { app } = suite
    await decideByDominance(app, LONG_NAME, 60)
    await app.call('reviewers.add', { name: LONG_NAME, role: 'lead' })
    const models = await app.call('models.list', {})
    const run = await app.call('runs.start', {
      modelIds: models.map((model) => model.id),
      methods: ['lrp_a1.75b0.75:plain', 'lrp_a12.125b11.125:plain', 'random:999999999'],
      dataset: 'mnist-3-digits-maj',
      count: 12,
      seed: 2_147_483_647,
    })
    await waitForJob(app, run.jobId)
    await checkSanity(app)
  })

  it.each(SCREENS)('shows $name without a flaw in both themes and sizes', async ({ name, path, ready }) => {
    const page = await suite.open(path)
    await ready(page)
    await picture(page, `long-${name}`)
  })

  it('shows a reviewer with a long name without a flaw in both themes and sizes', async () => {
    const page = await openAsReviewer(suite, `${LONG_NAME} II`, '/review')
    await shownMap(page)
    await picture(page, 'long-reviewer')
  })

  it('shows the longest method names side by side without a flaw in both themes and sizes', async () => {
    const page = await suite.open('/compare?sequence=201')
    await page.locator('a[data-map] canvas[data-painted]').first().waitFor()
    await page.waitForLoadState('networkidle')
    await picture(page, 'long-compare-methods')
  })

  it('shows the most extreme map without a flaw in both themes and sizes', async () => {
    const page = await suite.open('/review')
    await shownMap(page)
    await picture(page, 'long-review-extreme')
  })
})

describe('without data', () => {
  const suite = screenSuite({ sample: false })

  it.each(EMPTY_SCREENS)(
    'says on $path ($name) what it is for, in both themes and sizes',
    async ({ name, path }) => {
      const page = await suite.open(path)
      await page.getByRole('heading', { level: 1 }).first().waitFor()
      await picture(page, `empty-${name}`)
      expect(await accessibilityProblems(page)).toEqual([])
    },
  )
})
