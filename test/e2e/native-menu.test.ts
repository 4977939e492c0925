import { expect, it } from 'vitest'
import { z } from 'zod'
import { screenSuite } from './support/screen-suite.ts'

const suite = screenSuite({ sample: true })

const Page = z.object({
  commands: z.array(z.object({ id: z.string(), title: z.string(), chord: z.string().nullable() })),
  saving: z.boolean(),
  job: z.string().nullable(),
})

/** The window's side of the bridge, played by the page. */
const BRIDGE = `
  window.heatproof = {
    chooseExportFolder: async () => null,
    openWorkspace: async () => undefined,
    newWorkspace: async () => undefined,
    keepUnsaved: async () => undefined,
    unsaved: async () => null,
    tell: async (state) => { window.told = state },
    onMenu: (listener) => { window.menu = listener; return () => undefined },
  }
`

it('the window’s menu gets the commands of the palette, and runs them', async () => {
  const page = await suite.open('/review')
  await page.addInitScript(BRIDGE)
  await page.reload()
  const told = async () => Page.parse(await page.evaluate<unknown>('window.told'))
  await expect.poll(async () => (await told()).commands.map(({ id }) => id)).toContain('go.export')
  await expect.poll(async () => (await told()).commands.some(({ chord }) => chord === 'a')).toBe(true)

  await page.evaluate(`window.menu({ action: 'run', id: 'palette' })`)
  const offered = await page.getByRole('option').locator('.truncate').allTextContents()
  const { commands, saving, job } = await told()
  expect(offered).toEqual(commands.filter(({ id }) => id !== 'palette').map(({ title }) => title))
  expect([saving, job]).toEqual([false, null])
  await page.keyboard.press('Escape')

  await page.evaluate(`window.menu({ action: 'run', id: 'go.export' })`)
  await page.waitForURL(/\/export$/)
  await expect.poll(async () => (await told()).commands.some(({ chord }) => chord === 'a')).toBe(false)
})
