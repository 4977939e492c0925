import { expect, test } from 'vitest'
import { MOST_DROPPED } from '../../../src/shared/desktop.ts'
import { openDropped, type DragEvent } from '../../../src/preload/drop.ts'

/** Drops files of these paths onto a page. */
function drop(paths: string[], isTrusted = true) {
  const opened: string[][] = []
  const listeners = new Map<string, (event: DragEvent) => void>()
  openDropped({
    target: { addEventListener: (type, listener) => listeners.set(type, listener) },
    pathOf: (file) => file.name,
    open: (given) => opened.push(given),
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

test('files that are dropped are handed over together', () => {
  expect(drop(['/notes.txt', '/a.heatproof'])).toEqual({
    opened: [['/notes.txt', '/a.heatproof']],
    taken: 2,
  })
})

test('a file that a script made lies nowhere, and leads there', () => {
  expect(drop([''])).toEqual({ opened: [], taken: 2 })
})

test('of very many files the first are handed over', () => {
  const many = Array.from({ length: MOST_DROPPED + 1 }, (_, index) => `/${index}`)
  expect(drop(many).opened[0]).toEqual(many.slice(0, MOST_DROPPED))
})

test('text goes where the page wants it', () => {
  expect(drop([])).toEqual({ opened: [], taken: 0 })
})

test('a drop that a script made opens nothing', () => {
  expect(drop(['/a.heatproof'], false).opened).toEqual([])
})
