import type { Page } from 'playwright-core'
import { shownMap } from './review-page.ts'

/** A screen as the documentation shows it: its address, and what has to be there before a picture is taken. */
export interface PicturedScreen {
  name: string
  path: string
  /** Waits for the screen with data, after opening what it is about. */
  ready: (page: Page) => Promise<unknown>
}

async function openFit(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Fit', exact: true }).click()
  await page.getByRole('slider', { name: 'Threshold θ' }).waitFor()
}

async function openNewRun(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'New run', exact: true }).click()
  await page.getByRole('textbox', { name: 'Sequences', exact: true }).fill('500')
  await page.getByText('on disk').waitFor()
}

async function openAddModel(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Add a model' }).click()
  await page.getByRole('group', { name: 'Shipped models' }).waitFor()
}

async function paintedThumbnails(page: Page): Promise<void> {
  await page.getByRole('listbox', { name: 'Maps' }).getByRole('option').nth(8).waitFor()
  await page.waitForLoadState('networkidle')
}

async function paintedMaps(page: Page): Promise<void> {
  await page.locator('a[data-map] canvas[data-painted]').nth(8).waitFor()
  await page.waitForLoadState('networkidle')
}

async function inviteSomebody(page: Page): Promise<void> {
  const panel = page.getByRole('region', { name: 'Reviewers' })
  await panel.getByRole('textbox', { name: 'Name of a new reviewer' }).fill('Grace')
  await panel.getByRole('button', { name: 'Add', exact: true }).click()
  await panel.getByRole('textbox', { name: 'Link of Grace' }).waitFor()
  await panel.getByText('never here').first().waitFor()
}

/** Maps of one method, those first on which one item dominates. */
const QUEUE = { filter: { method: ['dtd'] }, order: 'worst_first', metric: 'dominance' }

export const SCREENS: readonly PicturedScreen[] = [
  {
    name: 'runs',
    path: '/runs',
    ready: (page) => page.getByRole('region', { name: 'Models and methods' }).waitFor(),
  },
  { name: 'new-run', path: '/runs', ready: openNewRun },
  { name: 'add-model', path: '/runs', ready: openAddModel },
  { name: 'review', path: `/review?draw=${encodeURIComponent(JSON.stringify(QUEUE))}`, ready: shownMap },
  { name: 'grid', path: '/review?view=grid', ready: paintedThumbnails },
  {
    name: 'groups',
    path: '/review?view=groups',
    ready: (page) => page.getByRole('list', { name: 'Groups' }).getByRole('link').nth(5).waitFor(),
  },
  {
    name: 'group',
    path: '/review?view=groups&group=0',
    ready: (page) => page.getByText(/^Looked at \d+; the verdict/).waitFor(),
  },
  { name: 'compare', path: '/compare?sequence=2&metric=dominance', ready: paintedMaps },
  {
    name: 'compare-pairs',
    path: '/compare?view=pairs&a=sa&b=dtd&sort=spearman',
    ready: async (page) => {
      await page.locator('[data-difference] canvas[data-painted]').first().waitFor()
      await page.waitForLoadState('networkidle')
    },
  },
  { name: 'calibrate', path: '/calibrate?metric=dominance', ready: openFit },
  {
    name: 'figures',
    path: '/figures',
    ready: (page) =>
      page
        .getByRole('img', { name: /by method for/ })
        .first()
        .waitFor(),
  },
  {
    name: 'figure-dominance',
    path: '/figures?figure=dominance',
    ready: async (page) => {
      await page.locator('img[src^="/maps/"]').nth(11).waitFor()
      await page.waitForLoadState('networkidle')
    },
  },
  {
    name: 'significance',
    path: '/figures?figure=significance&metric=cosine',
    ready: (page) => page.getByRole('table').first().waitFor(),
  },
  {
    name: 'sanity',
    path: '/figures?figure=sanity',
    ready: (page) => page.getByRole('img', { name: /by stage/ }).waitFor(),
  },
  { name: 'export', path: '/export', ready: (page) => page.getByText('matching maps').waitFor() },
  {
    name: 'settings',
    path: '/settings',
    ready: (page) => page.getByRole('region', { name: 'Device' }).waitFor(),
  },
  { name: 'reviewers', path: '/settings', ready: inviteSomebody },
]
