import { HeatproofError } from '../../shared/errors.ts'
import { isConserving, type Method } from '../../shared/methods.ts'
import type { MapState } from '../../shared/names.ts'

/** Conservation up to here is fine, up to {@link NOT_CONSERVED} a warning, above it an error. */
export const CONSERVED = 1e-5
export const NOT_CONSERVED = 1e-4

/** The maps of one method for a batch of N samples. */
export interface MethodMaps {
  /** [N, rows, columns] */
  readonly maps: Float32Array
  /** [N]: the relevance that the walk started with, `relu(f)`; NaN for methods that conserve nothing. */
  readonly starts: Float64Array
  /** [N]: the sum of each map. */
  readonly sums: Float64Array
  /** [N]: `|sum - start| / start`, 0 without evidence; NaN for methods that conserve nothing. */
  readonly conservation: Float64Array
  readonly states: readonly MapState[]
}

/**
 * Sums a method's maps and holds them to what the method promises.
 *
 * @param explained [N]: the logit f that each map explains
 * @throws HeatproofError `bad_values`: NaN or infinity in a map
 */
export function assessMaps(
  id: string,
  method: Method,
  maps: Float32Array,
  explained: Float64Array,
): MethodMaps {
  const count = explained.length
  const sums = sumEach(maps, count)
  const bad = sums.findIndex((sum) => !Number.isFinite(sum))
  if (bad >= 0) {
    throw new HeatproofError('bad_values', {
      found: `NaN or infinity in the map of '${id}' for sample ${bad} of the batch`,
      expected: 'finite relevance',
      advice: 'Check the weights of the model: some are too large for float32.',
    })
  }
  const conserving = isConserving(method)
  const starts = explained.map((f) => (conserving ? Math.max(f, 0) : NaN))
  const conservation = starts.map((start, n) => (start === 0 ? 0 : Math.abs((sums[n] ?? 0) - start) / start))
  const states = Array.from(starts, (start, n) => (conserving ? stateOf(start, conservation[n] ?? 0) : 'ok'))
  return { maps, starts, sums, conservation, states }
}

function stateOf(start: number, conservation: number): MapState {
  if (start === 0) return 'no_evidence'
  if (conservation > NOT_CONSERVED) return 'not_conserved'
  return conservation > CONSERVED ? 'warning' : 'ok'
}

function sumEach(maps: Float32Array, count: number): Float64Array {
  const length = maps.length / count
  return Float64Array.from({ length: count }, (_, n) => {
    let sum = 0
    for (let index = n * length; index < (n + 1) * length; index += 1) sum += maps[index] ?? 0
    return sum
  })
}
