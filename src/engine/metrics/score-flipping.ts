import type { FlippingMetricName } from '../../shared/names.ts'
import { patchGrid } from './patches.ts'
import { aopc, flippingCurves, randomOrder, relevanceOrder, type LogitsOf } from './pixel-flipping.ts'
import type { MapValues } from './ranks.ts'
import type { MetricScore } from './score.ts'
import { hasRelevance } from './score-pixels.ts'

export interface FlippingOptions {
  /** Side of a patch, in pixels. */
  side: number
  /** Patches that are flipped one after the other, L. */
  flips: number
  /** Of the random order. */
  seed: number
}

/** 4 x 4 pixels a patch, a grid of 7 x 21 on three items, and L = 20. */
export const DEFAULT_FLIPPING: FlippingOptions = { side: 4, flips: 20, seed: 0 }

export interface FlippingSample {
  /** [rows, columns, channels] in [-1, 1] */
  image: Float32Array
  rows: number
  columns: number
  /** Class explained; `predicted`: that of the largest logit. */
  target: number | 'predicted'
  /** Decides the random order. */
  sampleIndex: number
}

/**
 * AOPC of several maps of one image, in one batch: for each map its scores in the order of `FLIPPING_METRICS`, in units of the
 * logit. The random order is the same for all of them. The order of a map that is 0 everywhere (`no_relevance`) is that of
 * the patch numbers.
 *
 * @throws HeatproofError `bad_argument` for options that do not fit the image
 */
export async function scoreFlipping(
  { image, rows, columns, target, sampleIndex }: FlippingSample,
  maps: readonly MapValues[],
  { side, flips, seed }: FlippingOptions,
  logitsOf: LogitsOf,
): Promise<MetricScore<FlippingMetricName>[][]> {
  const grid = patchGrid(rows, columns, side)
  const orders = maps.flatMap((map) => [relevanceOrder(map, grid, 'morf'), relevanceOrder(map, grid, 'lerf')])
  orders.push(randomOrder(grid, seed, sampleIndex))
  const areas = (await flippingCurves({ image, target }, { grid, orders, flips }, logitsOf)).map(aopc)
  return maps.map((map, index) => {
    const state = hasRelevance(map) ? 'ok' : 'no_relevance'
    return [
      { metric: 'aopc_morf', value: areas[2 * index] ?? null, state },
      { metric: 'aopc_lerf', value: areas[2 * index + 1] ?? null, state },
      { metric: 'aopc_random', value: areas.at(-1) ?? null, state: 'ok' },
    ]
  })
}
