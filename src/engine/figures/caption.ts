import type { PointPlot } from '../../shared/contract/figures.ts'
import type { PlotFacts, PlottedScore } from './point-plot.ts'

/** A sentence or two that say what a point plot shows and what it leaves out. */
export function pointPlotCaption(
  scores: readonly PlottedScore[],
  panels: PointPlot['panels'],
  { metric, source, otherClass }: Pick<PlotFacts, 'metric' | 'source' | 'otherClass'>,
): string {
  const left =
    otherClass === 0
      ? []
      : [`Left out: ${counted(otherClass, 'map')} of a class that is neither the label nor the prediction.`]
  if (scores.length === 0) return ['No maps match.', ...left].join(' ')
  const sequences = new Set(scores.map(({ sequenceId }) => sequenceId)).size
  const units = new Set(panels.flatMap(({ lines }) => lines.map(({ over }) => over)))
  const sentences = [
    `Mean ${metric.replaceAll('_', ' ')} (${source}) by method over ${counted(scores.length, 'map')} of ` +
      `${counted(sequences, 'sequence')}, with 95 % intervals over ${[...units].sort().join(' or ')}; ` +
      'the lines show a map that is the same everywhere and a random map, over the same sequences.',
  ]
  const inState = (state: PlottedScore['state']) => scores.filter((score) => score.state === state).length
  const outside = inState('out_of_range')
  const notes = [
    [outside, `outside [0, 1], kept as ${outside === 1 ? 'it is' : 'they are'}`],
    [inState('undefined'), 'undefined and left out of the means'],
    [inState('no_relevance'), 'without relevance'],
  ] as const
  const told = notes.filter(([count]) => count > 0).map(([count, what]) => `${counted(count, 'map')} ${what}`)
  if (told.length > 0) sentences.push(`${told.join('; ')}.`)
  return [...sentences, ...left].join(' ')
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`
}
