import { batchOfInputs } from '../../engine/compute/batch-size.ts'
import { valuesOf } from '../../engine/models/layout.ts'
import { ComputePool } from '../../engine/compute/pool.ts'
import type { ExplainedMap } from '../../engine/compute/protocol.ts'
import { NOT_CONSERVED } from '../../engine/explainers/assess-maps.ts'
import { itemRegions } from '../../engine/metrics/regions.ts'
import { isSigned, parseMethod, type Method } from '../../shared/methods.ts'
import { MAP_STATES, type BackendName, type MapState } from '../../shared/names.ts'
import { BATCH, type MapsTask } from './compute-maps.ts'
import { inOrder } from '../../engine/in-order.ts'
import { throwIfInterrupted } from './interrupt.ts'
import { slicesOf } from './maps-file.ts'

/** A value of one input, counted from 0. */
export interface Extreme {
  value: number
  input: number
}

export interface MethodCheck {
  method: string
  /** Number of maps in each state. */
  states: Record<MapState, number>
  /** Maps in which an item's share of the signed total leaves [0, 1], so that a percentage can leave it too. */
  outOfRange: number
  /** Lowest value where none may be negative; null where all is well or signed. */
  negative: Extreme | null
  /** Largest error of the sum: of conservation, or for `ig` of completeness; null for methods that are held to nothing. */
  sumError: Extreme | null
  /** Means over inputs with evidence, relative to the explained logit; null for methods that keep nothing. */
  kept: { epsilon: number; bias: number } | null
  /** The node of the tape that conserves worst, relative to the explained logit; null where nothing is conserved. */
  worstNode: (Extreme & { name: string }) | null
  /** What does not hold, in words; empty when all holds. */
  problems: string[]
}

export interface CheckResult {
  backend: BackendName
  device: string
  methods: MethodCheck[]
}

/** Explains all inputs with every check on, and keeps only what the checks found. */
export async function checkMethods(task: MapsTask): Promise<CheckResult> {
  const { model, weights, inputs, methods, targets, signal } = task
  const tallies = new Map(methods.map((method) => [method, new Tally(method)]))
  const marks = Array.from({ length: model.items }, () => 1 as const)
  const regions = model.columns % model.items === 0 ? itemRegions(model.rows, model.columns, marks) : []
  const pool = await ComputePool.start({
    backend: task.backend,
    ...(inputs.count <= BATCH ? { size: 1 } : {}),
  })
  try {
    await inOrder(
      slicesOf(inputs.count, batchOfInputs(pool.batch, valuesOf(model))),
      pool.lanes,
      async ({ first, count }) => {
        throwIfInterrupted(signal, 'Start again, perhaps with fewer inputs.')
        const explained = {
          modelKey: 'model',
          input: await inputs.slice(first, count),
          targets: targets === 'predicted' ? targets : targets.slice(first, first + count),
          methods: [...methods],
          sampleIndices: Array.from({ length: count }, (_, index) => first + index),
          regions: Array.from({ length: count }, () => regions),
          checkNodes: true,
        }
        return pool.explain(explained, () => weights)
      },
      ({ maps }, { first, count }) => {
        for (const map of maps) tallies.get(map.method)?.add(map, first + map.index)
        task.onProgress(first + count)
        return Promise.resolve()
      },
    )
    const { backend, device } = pool
    return { backend, device, methods: [...tallies.values()].map((tally) => tally.result()) }
  } finally {
    await pool.close()
  }
}

/** Deep Taylor is never negative but for rounding; squares are never negative at all. */
const NEGATIVE_ROUNDING = 1e-6
/** Rounding of a share. */
const SHARE_ROUNDING = 1e-9

/** Adds up what the checks of one method found. */
class Tally {
  readonly #method: Method
  readonly #check: MethodCheck
  #evidence = 0

  constructor(id: string) {
    this.#method = parseMethod(id)
    const states = Object.fromEntries(MAP_STATES.map((state) => [state, 0])) as Record<MapState, number>
    this.#check = {
      method: id,
      states,
      outOfRange: 0,
      negative: null,
      sumError: null,
      kept: null,
      worstNode: null,
      problems: [],
    }
  }

  add({ state, low, shares, conservation, checks }: ExplainedMap, input: number): void {
    const check = this.#check
    check.states[state] += 1
    if (shares.some((share) => share < -SHARE_ROUNDING || share > 1 + SHARE_ROUNDING)) check.outOfRange += 1
    const lowest = this.#method.family === 'dtd' ? -NEGATIVE_ROUNDING : 0
    if (!isSigned(this.#method) && low < Math.min(lowest, check.negative?.value ?? 0)) {
      check.negative = { value: low, input }
    }
    if (conservation !== null && !(conservation <= (check.sumError?.value ?? -1))) {
      check.sumError = { value: conservation, input }
    }
    const { worstNode, kept } = checks
    if (worstNode !== null && !(worstNode.error <= (check.worstNode?.value ?? -1))) {
      check.worstNode = { name: worstNode.name, value: worstNode.error, input }
    }
    if (kept === null) return
    check.kept ??= { epsilon: 0, bias: 0 }
    if (state === 'no_evidence') return
    this.#evidence += 1
    check.kept.epsilon += (kept.epsilon - check.kept.epsilon) / this.#evidence
    check.kept.bias += (kept.bias - check.kept.bias) / this.#evidence
  }

  result(): MethodCheck {
    return { ...this.#check, problems: problemsOf(this.#method, this.#check) }
  }
}

/** Unfloored weights promise no conservation: their maps are counted, but break nothing. */
function problemsOf(method: Method, { states, negative, sumError, worstNode }: MethodCheck): string[] {
  const promises = method.family !== 'lrp_alpha_beta' || method.floored
  const problems: string[] = []
  if (promises && states.not_conserved > 0) {
    const what = method.family === 'ig' ? 'are not complete' : 'do not conserve relevance'
    problems.push(`${states.not_conserved} maps ${what}, the worst is that of input ${sumError?.input ?? 0}`)
  }
  if (promises && worstNode !== null && worstNode.value > NOT_CONSERVED) {
    problems.push(`${worstNode.name} hands on something else than it gets for input ${worstNode.input}`)
  }
  if (negative !== null) problems.push(`the map of input ${negative.input} is negative`)
  return problems
}
