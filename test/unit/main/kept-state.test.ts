import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { boundsOnDisplays, loadState, saveState, withRecent } from '../../../src/main/kept-state.ts'

const folder = mkdtempSync(join(tmpdir(), 'heatproof-state-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const BOUNDS = { x: 100, y: 50, width: 1440, height: 900 }
const SCREEN = { x: 0, y: 0, width: 1920, height: 1080 }

describe('what the window remembers', () => {
  test('comes back from its file, whose folder is made', () => {
    const file = join(folder, 'new', 'window.json')
    const state = { bounds: BOUNDS, maximized: true, recent: ['/a.heatproof'] }
    saveState(file, state)
    expect(loadState(file)).toEqual(state)
    expect(readdirSync(join(folder, 'new'))).toEqual(['window.json'])
  })

  test.each(['', '{', '[]', '{"bounds":{"x":1e400}}', '{"bounds":null,"maximized":false,"recent":[7]}'])(
    'is nothing where its file holds %j',
    (text) => {
      const file = join(folder, 'damaged.json')
      writeFileSync(file, text)
      expect(loadState(file)).toEqual({ bounds: null, maximized: false, recent: [] })
    },
  )

  test('is not kept where nothing can be written, and nobody is hindered', () => {
    writeFileSync(join(folder, 'file'), '')
    saveState(join(folder, 'file', 'window.json'), loadState(''))
    expect(existsSync(join(folder, 'file', 'window.json'))).toBe(false)
  })

  test('has the last ten workspaces, each once, the latest first', () => {
    const paths = Array.from({ length: 12 }, (_, index) => `/${index}.heatproof`)
    const state = [...paths, '/5.heatproof'].reduce(withRecent, loadState(''))
    expect(state.recent).toHaveLength(10)
    expect(state.recent.slice(0, 3)).toEqual(['/5.heatproof', '/11.heatproof', '/10.heatproof'])
  })
})

test.each([
  ['where it was', BOUNDS, BOUNDS],
  ['nowhere in particular at the first start', null, undefined],
  ['not on a display that is gone', { ...BOUNDS, x: 2500 }, undefined],
  ['not above the display, where its bar cannot be reached', { ...BOUNDS, y: -500 }, undefined],
  ['partly on the display', { ...BOUNDS, x: -1200 }, { ...BOUNDS, x: -1200 }],
])('the window opens %s', (_name, bounds, expected) => {
  expect(boundsOnDisplays(bounds, [SCREEN])).toEqual(expected)
})
