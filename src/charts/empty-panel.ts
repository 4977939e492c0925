import type { Plugin } from 'chart.js'
import type { FigurePanel } from '../shared/contract/figures.ts'
import { SPARSENESS_METRICS, STROKE_METRICS } from '../shared/names.ts'
import { plural } from '../shared/units.ts'
import type { Colours } from './colours.ts'
import { CHART_FONT } from './options.ts'
import type { Pen } from './pen.ts'

/**
 * What a panel says where no map of it has a value: that there is none, then how many maps are in which state, and why. Empty
 * where there is a value to draw.
 */
export function emptyPanelLines({ series, by, quantity, valueTitle }: FigurePanel): string[] {
  const points = series.flatMap((line) => line.points)
  if (points.some(({ mean }) => mean !== null)) return []
  if (by === 'effect')
    return [`${valueTitle}: no pair of maps has one`, 'No two of one sample and fold have values.']
  const total = (of: 'undefined' | 'noRelevance') => points.reduce((sum, point) => sum + point[of], 0)
  const [without, blank] = [total('undefined'), total('noRelevance')]
  const reason = undefinedReason(quantity)
  return [
    `${valueTitle}: no map has a value`,
    ...(without > 0 ? [`${plural(without, 'map')} undefined: ${reason}.`] : []),
    ...(blank > 0 ? [`${plural(blank, 'map')} without relevance.`] : []),
    ...(without + blank === 0 ? [`Undefined: ${reason}.`] : []),
  ]
}

/** Why maps have no value of a quantity, as the end of a sentence. */
function undefinedReason(quantity: string): string {
  const isOf = (names: readonly string[]) => names.includes(quantity)
  if (isOf(SPARSENESS_METRICS)) return 'made before there was this metric'
  if (isOf(STROKE_METRICS))
    return 'no evidence is marked in their samples, or made before there was this metric'
  if (quantity.startsWith('dominance_rate')) return 'the metric of the rule has no value for them'
  if (quantity.startsWith('dominance'))
    return 'no evidence is marked in their samples, or it has no relevance above 0'
  return 'no regions say where evidence is in their samples'
}

/** Lines of whole words, each as long as fits; a word that does not fit stands alone. */
export function wrapWords(text: string, fits: (line: string) => boolean): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    const longer = `${last ?? ''} ${word}`
    if (last !== undefined && fits(longer)) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}

const LINE_HEIGHT = 18

/** Writes paragraphs into the middle of the plot, the first one stronger. */
export function messagePlugin(paragraphs: readonly string[], colours: Colours): Plugin {
  return {
    id: 'message',
    afterDraw(chart) {
      const { left, right, top, bottom } = chart.chartArea
      const pen: Pen = chart.ctx
      const family = CHART_FONT.family ?? 'sans-serif'
      const fontOf = (paragraph: number) => (paragraph === 0 ? `600 13px ${family}` : `12px ${family}`)
      const room = Math.max(0, right - left - 32)
      pen.save()
      const lines = paragraphs.flatMap((text, paragraph) => {
        pen.font = fontOf(paragraph)
        return wrapWords(text, (line) => pen.measureText(line).width <= room).map((line) => ({
          line,
          paragraph,
        }))
      })
      pen.textAlign = 'center'
      pen.textBaseline = 'middle'
      lines.forEach(({ line, paragraph }, index) => {
        pen.font = fontOf(paragraph)
        pen.fillStyle = colours(paragraph === 0 ? '--text-1' : '--text-2')
        const y = (top + bottom) / 2 + (index - (lines.length - 1) / 2) * LINE_HEIGHT
        pen.fillText(line, (left + right) / 2, y)
      })
      pen.restore()
    },
  }
}
