import { expect, test } from 'vitest'
import { openDropped, type DragEvent } from '../../../src/preload/drop.ts'

/** Drops files of these paths onto a page. */
function drop(paths: string[], isTrusted = true) {
  const opened: string[] = []
  const listeners = new Map<string, (event: DragEvent) => void>()
  openDropped({
    target: { addEventListener: (type, listener) => listeners.set(type, listener) },
    pathOf: (file) => file.name,
    open: (path) => opened.push(path),
  })
  let taken = 0
  const event: DragEvent = {
    isTrusted,
    dataTransfer: {
      types: paths.length === 0 ? ['text/plain'] : ['Files'],
      files: paths.map((path) => new File([], path)),
    },
    preventDefault: () => (taken += 1),
  }
  listeners.get('dragover')?.(event)
  listeners.get('drop')?.(event)
  return { opened, taken }
}

test('a workspace that is dropped opens', () => {
  expect(drop(['/notes.txt', '/a.heatproof'])).toEqual({ opened: ['/a.heatproof'], taken: 2 })
})

test('other files are taken and lead nowhere', () => {
  expect(drop(['/page.html'])).toEqual({ opened: [], taken: 2 })
})

test('text goes where the page wants it', () => {
  expect(drop([])).toEqual({ opened: [], taken: 0 })
})

test('a drop that a script made opens nothing', () => {
  expect(drop(['/a.heatproof'], false).opened).toEqual([])
})
