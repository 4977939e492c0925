import type { FigurePanel } from '../../shared/contract/figures.ts'
import { QUANTITY_TITLES } from '../../shared/figures.ts'
import { termTitle } from '../../shared/terms.ts'
import { formatCount, plural } from '../../shared/units.ts'
import type { FigureContent } from './figure-input.ts'
import { MOST_BASELINE_SAMPLES } from './sample-baselines.ts'

/** What a caption says beside what the figure itself does. */
export interface CaptionFacts {
  maps: number
  sequences: number
  /** Where the cap is from, e.g. `default τ`. */
  cap: string
  /** Which maps, e.g. `all maps`. */
  choice: string
  /** Maps that are left out since they explain another class than the label and the prediction. */
  otherClass: number
  /** Maps of blind queues that whoever asks has not decided. */
  withheld: number
}

/** The sentences that say what a figure shows, over what, and what it leaves out. */
export function figureCaption(
  {
    panels,
    pictures,
    subject,
    sentences = [],
  }: Pick<FigureContent, 'panels' | 'pictures' | 'subject' | 'sentences'>,
  { maps, sequences, cap, choice, otherClass, withheld }: CaptionFacts,
): string {
  const hasCap = pictures !== undefined || panels.some(({ quantity }) => quantity.startsWith('capped'))
  const left = [
    ...(otherClass === 0
      ? []
      : [`Left out: ${plural(otherClass, 'map')} of a class that is neither the label nor the prediction.`]),
    ...(withheld === 0
      ? []
      : [`Left out: ${plural(withheld, 'map')} of blind queues that you have not decided.`]),
  ]
  if (maps === 0) return ['No maps match.', ...left].join(' ')
  const parts = [...(hasCap ? [cap] : []), choice]
  const over = `${subject} over ${plural(maps, 'map')} of ${plural(sequences, 'sequence')} (${parts.join('; ')})`
  const units = [...new Set(panels.flatMap(({ series }) => series.map(({ over: unit }) => unit)))].sort()
  const intervals = units.length === 0 ? '' : `, with 95 % intervals over ${units.join(' or ')}`
  return [
    `${over}${intervals}${baselineText(panels, sequences)}.`,
    ...oddSentences(panels),
    ...sentences,
    ...left,
  ].join(' ')
}

function baselineText(panels: readonly FigurePanel[], sequences: number): string {
  const has = (name: string) => panels.some(({ baselines }) => baselines.some((line) => line.name === name))
  if (!has('uniform') || !has('random')) return ''
  const part =
    sequences > MOST_BASELINE_SAMPLES
      ? `${formatCount(MOST_BASELINE_SAMPLES)} of the sequences`
      : 'the same sequences'
  return `; the lines show a map that is the same everywhere and a random map, over ${part}`
}

/** How many values are odd, by quantity; differences are left out, since they count pairs. */
function oddSentences(panels: readonly FigurePanel[]): string[] {
  const byQuantity = Map.groupBy(
    panels.filter(({ by }) => by !== 'effect'),
    ({ quantity }) => quantity,
  )
  return [...byQuantity].flatMap(([quantity, own]) => {
    const points = own.flatMap(({ series }) => series.flatMap((line) => line.points))
    const total = (of: 'outOfRange' | 'undefined' | 'noRelevance') =>
      points.reduce((sum, point) => sum + point[of], 0)
    const outside = total('outOfRange')
    const told = [
      [outside, `outside [0, 1], kept as ${outside === 1 ? 'it is' : 'they are'}`],
      [total('undefined'), 'undefined and left out of the means'],
      [quantity === 'position_share' ? 0 : total('noRelevance'), 'without relevance'],
    ] as const
    const texts = told
      .filter(([count]) => count > 0)
      .map(([count, what]) => `${plural(count, 'map')} ${what}`)
    if (texts.length === 0) return []
    const title = byQuantity.size === 1 ? '' : `${QUANTITY_TITLES[quantity] ?? termTitle(quantity)}: `
    return [`${title}${texts.join('; ')}.`]
  })
}
