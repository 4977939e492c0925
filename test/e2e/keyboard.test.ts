import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { nextMap, parameter, shownMap } from './support/review-page.ts'
import { screenSuite } from './support/screen-suite.ts'

const MOST_STEPS = 150

/** Name or text of what has the focus. */
const FOCUSED = `
  (({ activeElement: at }) =>
    at.getAttribute('aria-label') ?? at.labels?.[0]?.innerText.split('\\n')[0] ?? at.textContent.trim())(document)
`

/** Presses Tab until what has the focus is called so. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let step = 0; step < MOST_STEPS; step += 1) {
    if ((await page.evaluate<string>(FOCUSED)) === name) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab does not lead to “${name}”.`)
}

describe('without a mouse', () => {
  const suite = screenSuite({ sample: false })

  it('one opens the sample, filters, decides, takes back, decides many and reviews blind', async () => {
    const { app } = suite
    const reviewer = 'Ada'
    await app.call('workspace.setReviewer', { name: reviewer })
    const page = await suite.open('/review')
    await page.getByText('Nothing to review yet').waitFor()
    await tabTo(page, 'Open the sample')
    await page.keyboard.press('Enter')
    await shownMap(page)
    await expect
      .poll(async () => (await app.call('jobs.list', {}))[0]?.status, { timeout: 60_000 })
      .toBe('done')

    const everything = parameter(page, 'queue')
    await page.keyboard.press('/')
    await page.keyboard.press('Escape')
    await tabTo(page, 'dtd')
    await page.keyboard.press('Space')
    await expect.poll(() => parameter(page, 'queue')).not.toBe(everything)
    const queueId = parameter(page, 'queue')
    expect((await app.call('review.queue', { id: queueId })).request.filter.method).toEqual(['dtd'])
    const verdicts = async (count: number) =>
      (await app.call('review.items', { queueId, reviewer, offset: 0, limit: count })).map(
        ({ verdict }) => verdict,
      )

    const [{ mapId: first } = { mapId: 0 }] = await app.call('review.items', {
      ...{ queueId, reviewer, offset: 0, limit: 1 },
    })
    await expect.poll(() => shownMap(page)).toBe(first)
    await page.keyboard.press('a')
    const second = await nextMap(page, first)
    await page.keyboard.press('2')
    const third = await nextMap(page, second)
    expect(await verdicts(3)).toEqual(['accept', 'fail', null])
    await page.keyboard.press('z')
    expect(await nextMap(page, third)).toBe(second)
    expect(await verdicts(3)).toEqual(['accept', null, null])

    await page.keyboard.press('g')
    await page.getByRole('listbox', { name: 'Maps' }).waitFor()
    await tabTo(page, 'Maps')
    await page.keyboard.press('ArrowRight')
    for (let step = 0; step < 3; step += 1) await page.keyboard.press('Shift+ArrowRight')
    await page.getByText('4 maps selected').waitFor()
    await page.keyboard.press('u')
    await page.getByText('4 maps: unsure').waitFor()
    expect(await verdicts(7)).toEqual(['accept', null, 'unsure', 'unsure', 'unsure', 'unsure', null])
    await page.keyboard.press('z')
    await expect.poll(() => verdicts(7)).toEqual(['accept', null, null, null, null, null, null])

    await page.keyboard.press('g')
    await page.getByRole('listbox', { name: 'Maps' }).waitFor({ state: 'detached' })
    const seen = await shownMap(page)
    await page.keyboard.press('End')
    const last = await nextMap(page, seen)
    await page.keyboard.press('ArrowLeft')
    const blind = await nextMap(page, last)
    await page.keyboard.press('x')
    await page.getByText('Hidden until you have decided (blind).').first().waitFor()
    await page.keyboard.press('a')
    await nextMap(page, blind)
    const { history } = await app.call('review.item', { mapId: blind })
    expect(history.at(-1)).toMatchObject({ verdict: 'accept', blind: true, reviewer })
  })
})
