import { EventEmitter } from 'node:events'
import type { App } from 'electron'
import { expect, test } from 'vitest'
import { OpenedFiles } from '../../../src/main/opened-files.ts'
import { quitInOrder } from '../../../src/main/quit.ts'

/** Electron's app as far as quitting goes: it ends when nobody prevents it. */
function testApp() {
  const app = Object.assign(new EventEmitter(), {
    ended: false,
    quit: () => {
      let prevented = false
      app.emit('before-quit', { preventDefault: () => (prevented = true) })
      app.ended = !prevented
    },
  })
  return app
}

test('quitting asks once, and ends when everything has closed', async () => {
  const app = testApp()
  const answers: ((closed: boolean) => void)[] = []
  quitInOrder(app as unknown as App, () => new Promise((resolve) => answers.push(resolve)))
  app.quit()
  app.emit('window-all-closed')
  expect([answers.length, app.ended]).toEqual([1, false])
  answers[0]?.(false)
  await new Promise(setImmediate)
  expect(app.ended).toBe(false)
  app.quit()
  answers[1]?.(true)
  await expect.poll(() => app.ended).toBe(true)
})

test('files that are double-clicked open, also those from before the start, and only workspaces', () => {
  const app = new EventEmitter()
  const files = new OpenedFiles(app as unknown as App)
  const opened: string[] = []
  let prevented = 0
  const click = (path: string) => app.emit('open-file', { preventDefault: () => (prevented += 1) }, path)
  click('/a.heatproof')
  click('/a.txt')
  expect(files.start((workspace) => opened.push(workspace))).toBe(1)
  click('/b.heatproof')
  expect(opened).toEqual(['/a.heatproof', '/b.heatproof'])
  expect(prevented).toBe(3)
})
