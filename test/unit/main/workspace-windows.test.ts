import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { WorkspaceWindows, type WorkspaceWindow } from '../../../src/main/workspace-windows.ts'

const folder = mkdtempSync(join(tmpdir(), 'heatproof-windows-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface TestWindow extends WorkspaceWindow {
  workspace: string
  shown: number
  agrees: boolean
  ready: boolean
  engineEnds: () => void
}

/** Windows whose engines end when the test says so. */
function testWindows() {
  const made: TestWindow[] = []
  const windows = new WorkspaceWindows<TestWindow>(({ workspace }, after, onClosed) => {
    const engine = Promise.withResolvers<undefined>()
    const window: TestWindow = {
      ...{ workspace, shown: 0, agrees: true, ready: false },
      engineEnds: () => engine.resolve(undefined),
      show: () => (window.shown += 1),
      mayClose: () => Promise.resolve(window.agrees),
      close: () => {
        onClosed(engine.promise)
        return Promise.resolve()
      },
    }
    void after.then(() => (window.ready = true))
    made.push(window)
    return window
  })
  const open = (workspace: string): TestWindow => {
    windows.open({ workspace, whenMissing: 'fail' })
    const window = made.at(-1)
    if (window === undefined) throw new Error('no window')
    return window
  }
  return { windows, open, made }
}

test('each workspace has a window; one that is open is shown, by whichever path', () => {
  const real = join(folder, 'real')
  mkdirSync(real)
  symlinkSync(real, join(folder, 'link'))
  writeFileSync(join(real, 'a.heatproof'), '')
  const { open, made } = testWindows()
  const first = open(join(real, 'a.heatproof'))
  open(join(folder, 'link', 'a.heatproof'))
  open(join(real, '..', 'real', 'a.heatproof'))
  expect([made.length, first.shown]).toEqual([1, 2])
  open(join(real, 'new.heatproof'))
  open(join(folder, 'link', 'new.heatproof'))
  expect(made.map(({ shown }) => shown)).toEqual([2, 1])
})

test('a workspace that is opened again waits for the engine that had it', async () => {
  const { open } = testWindows()
  const before = open('/a.heatproof')
  await before.close()
  const again = open('/a.heatproof')
  await new Promise(setImmediate)
  expect([again === before, again.ready]).toEqual([false, false])
  before.engineEnds()
  await expect.poll(() => again.ready).toBe(true)
})

test('quitting closes all windows and waits for their engines', async () => {
  const { windows, open } = testWindows()
  const all = [open('/a.heatproof'), open('/b.heatproof')]
  let quit: boolean | undefined
  const quitting = windows.quit().then((closed) => (quit = closed))
  await new Promise(setImmediate)
  expect([windows.all.length, quit]).toEqual([0, undefined])
  for (const window of all) window.engineEnds()
  expect(await quitting).toBe(true)
})

test('one window that stays keeps all open', async () => {
  const { windows, open } = testWindows()
  open('/a.heatproof')
  open('/b.heatproof').agrees = false
  expect(await windows.quit()).toBe(false)
  expect(windows.all.length).toBe(2)
})
