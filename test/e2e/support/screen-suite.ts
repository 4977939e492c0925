import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { startApp, type RunningApp } from './app.ts'
import { launchBrowser, openTab, type Tab } from './browser.ts'
import { openSample } from './sample.ts'

export interface ScreenSuite {
  /** The running server; there once the tests run. */
  readonly app: RunningApp
  /** Opens a screen in a browser of its own; with `token` as the reviewer whose it is. */
  open: (path: string, options?: Parameters<typeof openTab>[2] & { token?: string }) => Promise<Page>
}

interface SuiteOptions {
  /** Opens the sample before the first test. */
  sample: boolean
  /** File name of the workspace. */
  workspace?: string
  reviewer?: string
  /** Folder of the program; default: this one. */
  installation?: string
}

/** One server for all tests of a file or block. No page may leave an error on its console. */
export function screenSuite({ sample, workspace, reviewer, installation }: SuiteOptions): ScreenSuite {
  let app: RunningApp | null = null
  let browser: Browser | null = null
  const tabs: Tab[] = []

  beforeAll(async () => {
    app = await startApp(workspace, undefined, installation)
    browser = await launchBrowser()
    if (sample) await openSample(app, reviewer)
  })

  afterEach(async () => {
    const problems = tabs.flatMap((tab) => tab.problems)
    for (const tab of tabs.splice(0)) await tab.close()
    expect(problems).toEqual([])
  })

  afterAll(async () => {
    await browser?.close()
    await app?.remove()
  })

  return {
    get app() {
      if (app === null) throw new Error('The server has not been started yet.')
      return app
    },
    async open(path, { token, ...options } = {}) {
      if (app === null || browser === null) throw new Error('The server has not been started yet.')
      const tab = await openTab(browser, app.address(path, token), options)
      tabs.push(tab)
      return tab.page
    },
  }
}
