import type { MapChecks } from '../../shared/contract/common.ts'
import { isConserving, type Method } from '../../shared/methods.ts'
import type { MapState } from '../../shared/names.ts'
import type { Attribution, KeptParts, NodeErrors } from './attribution.ts'

/** Conservation up to here is fine, up to {@link NOT_CONSERVED} a warning, above it an error. */
export const CONSERVED = 1e-5
export const NOT_CONSERVED = 1e-4
/** The same for the sum of integrated gradients, relative to the sum of the map's absolute values. */
export const COMPLETE = 0.01
export const NOT_COMPLETE = 0.1

/** The maps of one method for a batch of N samples. */
export interface MethodMaps {
  /** [N, rows, columns] */
  readonly maps: Float32Array
  /**
   * [N]: what the sum should be: the relevance that the walk started with, `relu(f)`; for integrated gradients
   * `f(x) - f(x0)`; NaN for methods that are held to nothing.
   */
  readonly starts: Float64Array
  /** [N]: the sum of each map. */
  readonly sums: Float64Array
  /** What LRP-epsilon did not hand on; null for all other methods. */
  readonly kept: KeptParts | null
  /** Conservation by node; null where nothing is conserved or it was not asked for. */
  readonly nodes: NodeErrors | null
  /**
   * [N]: `|sum + kept - start| / start`, 0 without evidence; for integrated gradients `|sum - start| / sum |map|`;
   * NaN for methods that are held to nothing.
   */
  readonly conservation: Float64Array
  readonly states: readonly MapState[]
}

/**
 * Holds a method's maps to what the method promises.
 *
 * @param sums [N]: the sum of each map
 * @param explained [N]: the logit f that each map explains
 */
export function assessMaps(
  method: Method,
  { maps, kept, difference, nodes }: Attribution,
  sums: Float64Array,
  explained: Float64Array,
): MethodMaps {
  const count = explained.length
  if (difference !== null) {
    const sizes = sumEach(maps.map(Math.abs), count)
    const conservation = ratios(sums, difference, sizes)
    const states = Array.from(conservation, (error) => stateOf(error, COMPLETE, NOT_COMPLETE))
    return { maps, starts: difference, sums, kept, nodes, conservation, states }
  }
  if (!isConserving(method)) {
    const none = new Float64Array(count).fill(NaN)
    return { maps, starts: none, sums, kept, nodes, conservation: none, states: Array.from(none, () => 'ok') }
  }
  const starts = explained.map((f) => Math.max(f, 0))
  const accounted = sums.map((sum, n) => sum + (kept?.epsilon[n] ?? 0) + (kept?.bias[n] ?? 0))
  const conservation = ratios(accounted, starts, starts)
  const states = Array.from(conservation, (error, n) =>
    starts[n] === 0 ? 'no_evidence' : stateOf(error, CONSERVED, NOT_CONSERVED),
  )
  return { maps, starts, sums, kept, nodes, conservation, states }
}

/** `|sum - expected| / size`, 0 where the size is 0. */
function ratios(sums: Float64Array, expected: Float64Array, sizes: Float64Array): Float64Array {
  return sums.map((sum, n) => {
    const size = sizes[n] ?? NaN
    return size === 0 ? 0 : Math.abs(sum - (expected[n] ?? NaN)) / size
  })
}

function stateOf(error: number, fine: number, wrong: number): MapState {
  if (error > wrong) return 'not_conserved'
  return error > fine ? 'warning' : 'ok'
}

/** [N]: the sum of each of N maps. */
export function sumEach(maps: Float32Array, count: number): Float64Array {
  const length = maps.length / count
  return Float64Array.from({ length: count }, (_, n) => {
    let sum = 0
    for (let index = n * length; index < (n + 1) * length; index += 1) sum += maps[index] ?? 0
    return sum
  })
}

/** What was checked on the map of one sample beside its sum, relative to its start. */
export function checksOf({ starts, kept, nodes }: MethodMaps, sample: number): MapChecks {
  const start = starts[sample] ?? NaN
  const relative = (value: number | undefined) => (start > 0 ? (value ?? NaN) / start : 0)
  return {
    kept: kept && { epsilon: relative(kept.epsilon[sample]), bias: relative(kept.bias[sample]) },
    worstNode: nodes && worstOf(nodes, sample, starts.length, relative),
  }
}

function worstOf(
  { names, errors }: NodeErrors,
  sample: number,
  count: number,
  relative: (value: number | undefined) => number,
): MapChecks['worstNode'] {
  const own = names.map((name, node) => ({ name, error: relative(errors[node * count + sample]) }))
  return own.reduce(
    (worst, node) => (node.error > worst.error ? node : worst),
    own[0] ?? { name: '', error: 0 },
  )
}
