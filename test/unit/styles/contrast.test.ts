import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const css = readFileSync(new URL('../../../src/renderer/app.css', import.meta.url), 'utf8')
function variables(selector: string): Record<string, string> {
  const start = css.indexOf(`${selector} {`)
  const block = css.slice(start, css.indexOf('}', start))
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', value = '']) => [name, value]),
  )
}

/** Relative luminance and contrast ratio by WCAG 2.2. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = parseInt(colour.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (high + 0.05) / (low + 0.05)
}

const SURFACES = ['surface-0', 'surface-1', 'surface-2', 'surface-3']
const TEXTS = ['text-1', 'text-2', 'text-3']
const PAIRS = [
  ...TEXTS.flatMap((text) => SURFACES.map((surface) => [text, surface] as const)),
  ...['accept', 'fail', 'unsure'].flatMap((tone) =>
    ['surface-1', 'surface-2', 'surface-3', `${tone}-soft`].map((surface) => [tone, surface] as const),
  ),
  ['text-1', 'fail-soft'] as const,
  ['text-1', 'selected'] as const,
  ['text-2', 'selected'] as const,
  ['on-inverse', 'inverse'] as const,
]

describe.each([
  ['dark', ':root'],
  ['light', ":root[data-theme='light']"],
])('the %s theme', (_name, selector) => {
  const tokens = variables(selector)

  it.each(PAIRS)('shows %s on %s with a contrast of at least 4.5', (text, surface) => {
    expect(contrast(tokens[text] ?? '', tokens[surface] ?? '')).toBeGreaterThanOrEqual(4.5)
  })

  it.each(['surface-0', 'surface-1', 'surface-2'])(
    'shows focus and field borders on %s with at least 3',
    (surface) => {
      expect(contrast(tokens.focus ?? '', tokens[surface] ?? '')).toBeGreaterThanOrEqual(3)
      expect(contrast(tokens['line-strong'] ?? '', tokens[surface] ?? '')).toBeGreaterThanOrEqual(3)
    },
  )
})
