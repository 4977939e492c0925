import { expect, it } from 'vitest'
import { screenshot } from './support/browser.ts'
import { nextMap, parameter, shownMap } from './support/review-page.ts'
import { screenSuite } from './support/screen-suite.ts'

const suite = screenSuite({ sample: true })

it('a blind queue, drawn by a lead, cannot be lifted by a reviewer, neither by X nor by a forged call', async () => {
  const lead = await suite.open('/review')
  await shownMap(lead)
  const panel = lead.getByRole('region', { name: 'Queue' })
  const before = parameter(lead, 'queue')
  await panel.getByRole('combobox', { name: 'Blind' }).selectOption('all reviewers')
  await expect.poll(() => parameter(lead, 'queue')).not.toBe(before)
  const queueId = parameter(lead, 'queue')
  await screenshot(lead, 'blind-queue-lead-dark')

  const { token } = await suite.app.call('reviewers.add', { name: 'Bob' })
  const bob = await suite.open(`/review?queue=${queueId}`, { token, expected: /403/ })
  const mapId = await shownMap(bob)
  const truth = await suite.app.call('review.item', { mapId })
  await bob.getByText('This queue is blind').waitFor()
  const button = bob.getByRole('button', { name: /^This queue is blind/ })
  expect([await button.isDisabled(), await button.getAttribute('aria-pressed')]).toEqual([true, 'true'])
  await bob.keyboard.press('x')
  await bob.getByText('Hidden until you have decided (blind).').first().waitFor()
  await bob.getByText('Shares are hidden until you have decided (blind).').waitFor()
  const model = bob.getByRole('region', { name: 'Provenance' }).getByText(`${truth.model.label}, fold`)
  expect(await model.count()).toBe(0)
  expect(await bob.getByRole('combobox', { name: 'Blind' }).count()).toBe(0)
  await screenshot(bob, 'blind-queue-reviewer-dark')

  const forged = (name: string, input: unknown) =>
    bob.evaluate(
      async ([path, body]) => {
        const headers = { 'content-type': 'application/json' }
        return (await fetch(path, { method: 'POST', headers, body })).text()
      },
      [`/rpc/${name}`, JSON.stringify(input)] as const,
    )
  const answer = await forged('review.item', { mapId })
  expect(answer).toContain('"withheld":true')
  expect(answer).not.toContain(truth.model.name)
  expect(answer).toContain('"shares":[]')
  expect(await forged('review.createQueue', { filter: {}, order: 'random', blind: true })).toContain(
    'forbidden',
  )

  await bob.keyboard.press('a')
  await nextMap(bob, mapId)
  await bob.keyboard.press('ArrowLeft')
  await expect.poll(() => shownMap(bob)).toBe(mapId)
  await model.waitFor()
  const { history } = await suite.app.call('review.item', { mapId })
  expect(history.at(-1)).toMatchObject({ reviewer: 'Bob', verdict: 'accept', blind: true })
})
