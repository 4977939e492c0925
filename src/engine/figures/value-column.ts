import { SCORE_STATES, type MetricName } from '../../shared/names.ts'
import { cappedPercentage } from '../metrics/percentage.ts'
import { hasTau, isOutOfRange, isPartOfOne, isPixelMetric, usesPositivePart } from '../metrics/score.ts'
import type { FigureMaps } from './figure-maps.ts'

const [OK, OUT_OF_RANGE, NO_RELEVANCE, UNDEFINED] = SCORE_STATES.keys()
export const STATE_CODES = {
  ok: OK ?? 0,
  outOfRange: OUT_OF_RANGE ?? 1,
  noRelevance: NO_RELEVANCE ?? 2,
  undefined: UNDEFINED ?? 3,
}

/** A value of every map of a figure; NaN where it is undefined. */
export interface ValueColumn {
  values: Float64Array
  /** Codes of `STATE_CODES`. */
  states: Uint8Array
}

/** A metric of every map under a cap, unclipped, with its state. */
export function metricColumn(maps: FigureMaps, metric: MetricName, tau: number): ValueColumn {
  const values = hasTau(metric) ? cappedValues(maps, metric, tau) : maps.stored(metric)
  const isEmpty = emptinessOf(maps, metric)
  const states = new Uint8Array(maps.count)
  const bounded = isPartOfOne(metric)
  for (let index = 0; index < maps.count; index += 1) {
    const value = values[index] ?? NaN
    if (isEmpty(index)) states[index] = STATE_CODES.noRelevance
    else if (Number.isNaN(value)) states[index] = STATE_CODES.undefined
    else if (bounded && isOutOfRange(value)) states[index] = STATE_CODES.outOfRange
  }
  return { values, states }
}

function cappedValues({ count, marks, starts, ends, ...maps }: FigureMaps, metric: MetricName, tau: number) {
  const shares = usesPositivePart(metric) ? maps.sharesPositive : maps.shares
  const values = new Float64Array(count)
  for (let index = 0; index < count; index += 1) {
    const [from, to] = [starts[index], ends[index]]
    values[index] =
      from === to ? NaN : cappedPercentage(shares.subarray(from, to), marks.subarray(from, to), tau)
  }
  return values
}

/** Whether nothing is left of what a metric looks at; a map without regions has nothing to look at. */
function emptinessOf(maps: FigureMaps, metric: MetricName): (index: number) => boolean {
  const { starts, ends, peaks } = maps
  if (isPixelMetric(metric) && !metric.startsWith('mass_accuracy')) return (index) => peaks[index] === 0
  const positive = usesPositivePart(metric) || metric === 'mass_accuracy'
  const shares = positive ? maps.sharesPositive : maps.shares
  return (index) => {
    const [start, end] = [starts[index] ?? 0, ends[index] ?? 0]
    for (let item = start; item < end; item += 1) {
      if (shares[item] !== 0) return false
    }
    return start < end
  }
}
