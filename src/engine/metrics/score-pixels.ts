import type {
  PixelMetricName,
  ScoreState,
  SparsenessMetricName,
  StrokeMetricName,
} from '../../shared/names.ts'
import { entropy } from './entropy.ts'
import { gini } from './gini.ts'
import { massAccuracy, signedMassAccuracy } from './mass-accuracy.ts'
import { pointingGame } from './pointing-game.ts'
import { rankAccuracy } from './rank-accuracy.ts'
import { ascending, type MapValues } from './ranks.ts'
import { isOutOfRange, type MetricScore } from './score.ts'
import { isNoRelevance } from './shares.ts'
import { strokeAuc } from './stroke-auc.ts'

/** All metrics of a map by pixel, in the order of `PIXEL_METRICS`. @param strokes 1 or 0 for every pixel of the map */
export function scorePixels(map: MapValues, strokes: Uint8Array): MetricScore<PixelMetricName>[] {
  const sorted = ascending(map)
  return [...scoreStrokes(map, strokes, sorted), ...scoreSparseness(map, sorted)]
}

/**
 * All metrics of a map against a mask of strokes, in the order of `STROKE_METRICS`. Without a stroke every value is null,
 * `undefined`. A map in which nothing is left of what a metric looks at is `no_relevance`: shares of it are 0, and ranks
 * are decided by pixel number alone.
 *
 * @param strokes 1 or 0 for every pixel of the map
 * @param sorted the map's values in ascending order, where they are at hand
 */
export function scoreStrokes(
  map: MapValues,
  strokes: Uint8Array,
  sorted = ascending(map),
): MetricScore<StrokeMetricName>[] {
  const { signed, positive, any } = relevanceOf(map)
  const score = (metric: StrokeMetricName, value: number | null, hasRelevance: boolean) => ({
    metric,
    value,
    state: stateOf(value, hasRelevance),
  })
  return [
    score('mass_accuracy', massAccuracy(map, strokes), positive),
    score('mass_accuracy_signed', signedMassAccuracy(map, strokes), signed),
    score('rank_accuracy', rankAccuracy(map, strokes, sorted), any),
    score('pointing_game', pointingGame(map, strokes), any),
    score('stroke_auc', strokeAuc(map, strokes, sorted), any),
  ]
}

/** Gini sparseness and entropy, in the order of `SPARSENESS_METRICS`; 0 and `no_relevance` for a map that is 0 everywhere. */
export function scoreSparseness(
  map: MapValues,
  sorted = ascending(map),
): MetricScore<SparsenessMetricName>[] {
  const any = (sorted[0] ?? 0) !== 0 || (sorted.at(-1) ?? 0) !== 0
  const state = any ? 'ok' : 'no_relevance'
  return [
    { metric: 'gini', value: gini(map, sorted), state },
    { metric: 'entropy', value: entropy(map), state },
  ]
}

/** Whether any pixel differs from 0. */
export function hasRelevance(map: MapValues): boolean {
  return map.some((value: number) => value !== 0)
}

function stateOf(value: number | null, hasRelevance: boolean): ScoreState {
  if (value === null) return 'undefined'
  if (!hasRelevance) return 'no_relevance'
  return isOutOfRange(value) ? 'out_of_range' : 'ok'
}

/** Whether the signed total, the positive part and the map itself have any relevance. */
function relevanceOf(map: MapValues): { signed: boolean; positive: boolean; any: boolean } {
  let total = 0
  let absolute = 0
  let positive = false
  for (let pixel = 0; pixel < map.length; pixel += 1) {
    const value = map[pixel] ?? 0
    total += value
    absolute += Math.abs(value)
    positive ||= value > 0
  }
  return { signed: !isNoRelevance(total, absolute), positive, any: absolute > 0 }
}
