import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { architectureStyle } from '../../../src/charts/architecture-style.ts'
import { ARCHITECTURE_NAMES, ARCHITECTURES } from '../../../src/shared/names.ts'

const read = (path: string) => readFileSync(new URL(`../../../src/renderer/${path}`, import.meta.url), 'utf8')
const APP = read('app.css')
const CHARTS = read('charts/charts.css')

/** Variables that a rule of a style sheet sets. */
function variables(css: string, selector: string): Map<string, string> {
  const start = css.indexOf(selector)
  const block = css.slice(css.indexOf('{', start) + 1, css.indexOf('}', start))
  const pairs = [...block.matchAll(/(--[\w-]+):\s*(#[0-9a-f]{6})/g)]
  return new Map(pairs.map(([, name = '', colour = '']) => [name, colour]))
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(left: string, right: string): number {
  const [light = 0, dark = 0] = [luminance(left), luminance(right)].sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

describe('the colour of an architecture', () => {
  it.each([
    ['dark', ':root {', ':root {'],
    ['light', ":root[data-theme='light']", ":root[data-theme='light']"],
  ])('has a colour of at least 3:1 on the %s surface', (_theme, chartRule, appRule) => {
    const colours = variables(CHARTS, chartRule)
    const surface = variables(APP, appRule).get('--surface-1')
    expect(surface).toBeDefined()
    for (const name of ARCHITECTURE_NAMES) {
      const colour = colours.get(architectureStyle(name, ARCHITECTURES[name]).colour)
      expect(colour, name).toBeDefined()
      expect(contrast(colour ?? '#000000', surface ?? '#000000'), name).toBeGreaterThanOrEqual(3)
    }
  })
})
