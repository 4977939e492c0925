import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { paletteColours, PALETTES } from '../../../src/charts/palettes.ts'

const read = (path: string) => readFileSync(new URL(`../../../src/renderer/${path}`, import.meta.url), 'utf8')
const SHEETS = [read('app.css'), read('charts/charts.css')]

/** Variables that the first rule with this selector sets in each of the sheets. */
function variables(selector: string): Map<string, string> {
  const blocks = SHEETS.flatMap((css) => {
    const start = css.indexOf(selector)
    return start < 0 ? [] : [css.slice(css.indexOf('{', start) + 1, css.indexOf('}', start))]
  })
  const pairs = blocks.flatMap((block) => [...block.matchAll(/(--[\w-]+):\s*(#[0-9a-f]{6})/g)])
  return new Map(pairs.map(([, name = '', colour = '']) => [name, colour]))
}

describe('the palettes of figures', () => {
  it.each([
    ['dark', ':root {'],
    ['light', ":root[data-theme='light']"],
  ] as const)('have the colours of the %s style sheet', (theme, selector) => {
    const sheet = variables(selector)
    for (const [name, colour] of Object.entries(PALETTES[theme]))
      expect([name, sheet.get(name)]).toEqual([name, colour])
  })

  it('refuse a colour that they do not have, rather than draw without one', () => {
    expect(() => paletteColours('dark')('--accept')).toThrow('no colour --accept')
  })
})
