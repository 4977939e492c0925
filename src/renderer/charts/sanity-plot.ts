import type { SanityCheck, SanityValue } from '../../shared/contract/sanity.ts'
import type { SanityMetricName } from '../../shared/names.ts'
import { termTitle } from '../../shared/terms.ts'
import { targetTitle } from '../../shared/class-names.ts'
import { printSeeds } from '../../shared/sanity-seeds.ts'
import { formatPercent, plural } from '../../shared/units.ts'
import { rangeInTenths, shiftOf, type FigureDatum, type FigureSeries } from '../../charts/line-figure.ts'
import { methodStyle } from '../../charts/method-style.ts'

export interface SanityDatum extends FigureDatum {
  value: SanityValue
}

/** A line a method over the stages that are done. */
export function sanitySeries(
  { request, stages }: Pick<SanityCheck, 'request' | 'stages'>,
  metric: SanityMetricName,
): FigureSeries<SanityDatum>[] {
  const { methods } = request
  return methods.map((method, index) => ({
    label: method,
    style: methodStyle(method),
    data: stages.flatMap(({ position, values }) =>
      values
        .filter((value) => value.method === method && value.metric === metric)
        .map((value) => ({
          x: position + shiftOf(index, methods.length),
          y: value.mean ?? NaN,
          low: value.low,
          high: value.high,
          value,
        })),
    ),
  }))
}

/** The ends of the axis: all likenesses lie in [-1, 1]. */
const [LOWEST, HIGHEST] = [-1.1, 1.1]

/** From 0 or below to 1, so that figures of one metric can be compared; intervals of few pairs may leave it. */
export function sanityRange(series: readonly FigureSeries<SanityDatum>[]): { min: number; max: number } {
  const values = series.flatMap(({ data }) => data.flatMap(({ low, high, value }) => [low, high, value.mean]))
  const { min } = rangeInTenths([0, 1, ...values])
  return { min: Math.max(LOWEST, min), max: HIGHEST }
}

/** Stages as the figure names them: what has changed, and what the model then knows. */
export function stageLabels({ stageNames, stages }: Pick<SanityCheck, 'stageNames' | 'stages'>): string[][] {
  return stageNames.map((name, position) => {
    const stage = stages.find((each) => each.position === position)
    return stage === undefined ? [name] : [name, formatPercent(stage.accuracy)]
  })
}

/** What is compared, for titles. */
export function sanityTitle({ model, against, request }: SanityCheckHead): string {
  const change =
    against === null ? `fresh weights in layer after layer, ${printSeeds(request)}` : against.name
  return `${model.name} against ${change}`
}
type SanityCheckHead = Pick<SanityCheck, 'model' | 'against' | 'request'>

function drawsOf({ against, request }: SanityCheckHead): string {
  if (against !== null) return ''
  if (request.seeds === 1) return ', for this one draw of the weights'
  return ` and the ${request.seeds} draws of the weights, whose mean is shown`
}

/** Sentences that say what the figure shows, and what it leaves out. */
export function sanityCaption(check: SanityCheck, metric: SanityMetricName): string {
  const { model, against, request, stages, warnings } = check
  const change =
    against === null
      ? `those after its layers, from the output to the input, got fresh weights (${printSeeds(request)}), one more at every stage`
      : `those of ${against.name}`
  const values = stages.flatMap((stage) => stage.values.filter((value) => value.metric === metric))
  const withoutValue = request.methods.flatMap((method) => {
    const own = values.filter((value) => value.method === method)
    const without = own.reduce((sum, value) => sum + value.undefined + value.noRelevance, 0)
    const pairs = own.reduce((sum, { count }) => sum + count, without)
    return without === 0 ? [] : [`${method} ${without} of ${pairs}`]
  })
  const [first, last] = [stages[0], stages.at(-1)]
  return [
    `${termTitle(metric)}: mean likeness of the maps of ${model.name} to ${change}, over ${plural(request.count, 'sequence')}, ${targetTitle(request.dataset, request.target)} explained.`,
    `Intervals of 95 % are over sequences${drawsOf(check)}.`,
    ...(first === undefined || last === undefined
      ? []
      : [
          `The accuracy on them is ${formatPercent(first.accuracy)} at first and ${formatPercent(last.accuracy)} at last.`,
        ]),
    'The maps of the method random do not depend on the model and stay as they are.',
    ...(withoutValue.length === 0
      ? []
      : [
          `Pairs of maps without a value, such as a map that is 0 everywhere, are left out: ${withoutValue.join(', ')}.`,
        ]),
    ...warnings,
  ].join(' ')
}
