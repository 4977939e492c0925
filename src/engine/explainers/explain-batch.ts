import { HeatproofError } from '../../shared/errors.ts'
import { parseComputedMethod, type ComputedMethod } from '../../shared/methods.ts'
import { batchSizeOf, disposeForward, readAnyLogits, recordAnyForward } from '../graph/any-forward.ts'
import type { AnyPreparedModel } from '../graph/any-model.ts'
import { predictedClasses } from '../models/forward.ts'
import { assessMaps, sumEach, type MethodMaps } from './assess-maps.ts'
import { perturbedMaps, type PerturbingMethod } from './perturbed-maps.ts'
import { firstBadNode, walkedMaps } from './walked-maps.ts'

export interface BatchToExplain {
  /** [N, rows, columns, channels], -1 (black) to 1 (white). */
  readonly images: Float32Array
  /** The class explained for each sample, or `predicted`: the class of the largest logit. */
  readonly targets: ArrayLike<number> | 'predicted'
  /** Each sample's index, which decides its `random` map. */
  readonly sampleIndices: ArrayLike<number>
  /** Whether methods that conserve relevance are checked at every node of the tape; takes longer. */
  readonly checkNodes?: boolean
}

export interface BatchExplanation {
  /** [N, classes] */
  readonly logits: Float32Array
  /** [N]: the class explained for each sample. */
  readonly targets: Int32Array
  /** By the method's id. */
  readonly methods: ReadonlyMap<string, MethodMaps>
}

/**
 * Explains a batch of N samples by several methods that share one forward pass.
 *
 * @param methods ids as `parseMethod` knows them
 * @throws HeatproofError `unknown_method`; `bad_values` (pixels or targets out of range; NaN or infinity in a result,
 *   with the name of the node or method: such a result never leaves the engine)
 */
export async function explainBatch(
  model: AnyPreparedModel,
  batch: BatchToExplain,
  methods: readonly string[],
): Promise<BatchExplanation> {
  const { classes } = model.layout.sizes
  const parsed = methods.map((id) => [id, parseComputedMethod(id)] as const)
  const forward = recordAnyForward(model, batch.images)
  try {
    const logits = await readAnyLogits(forward)
    const targets =
      batch.targets === 'predicted'
        ? predictedClasses(logits, classes)
        : checkedTargets(batch.targets, batchSizeOf(forward), classes)
    const inputs = { images: batch.images, targets, sampleIndices: batch.sampleIndices }
    const explained = Float64Array.from(targets, (target, n) => logits[n * classes + target] ?? NaN)
    const walking = parsed.flatMap(([id, method]) => (isPerturbing(method) ? [] : [[id, method] as const]))
    const walked = await walkedMaps(forward, targets, walking, batch.checkNodes ?? false)
    const methodMaps = new Map<string, MethodMaps>()
    for (const [id, method] of parsed) {
      const made = isPerturbing(method)
        ? await perturbedMaps(model, inputs, explained, method)
        : walked.get(id)
      if (made === undefined) continue
      const sums = sumEach(made.maps, targets.length)
      const bad = sums.findIndex((sum) => !Number.isFinite(sum))
      if (bad >= 0) {
        throw badMap(id, bad, isPerturbing(method) ? null : await firstBadNode(forward, targets, method))
      }
      methodMaps.set(id, assessMaps(method, made, sums, explained))
    }
    return { logits, targets, methods: methodMaps }
  } finally {
    disposeForward(forward)
  }
}

const PERTURBING: readonly ComputedMethod['family'][] = ['ig', 'smoothgrad', 'occlusion', 'random']

function isPerturbing(method: ComputedMethod): method is PerturbingMethod {
  return PERTURBING.includes(method.family)
}

function badMap(id: string, sample: number, node: string | null): HeatproofError {
  return new HeatproofError('bad_values', {
    found: `NaN or infinity in the map of '${id}' for sample ${sample} of the batch${node === null ? '' : `, first at ${node}`}`,
    expected: 'finite relevance',
    advice: 'Check the weights of the model: some are too large for float32.',
  })
}

function checkedTargets(targets: ArrayLike<number>, count: number, classes: number): Int32Array {
  const bad = Array.from(targets).find(
    (target) => !(Number.isInteger(target) && target >= 0 && target < classes),
  )
  if (targets.length === count && bad === undefined) return Int32Array.from(targets)
  throw new HeatproofError('bad_values', {
    found: bad === undefined ? `${targets.length} targets for ${count} samples` : `the target class ${bad}`,
    expected: `one class from 0 to ${classes - 1} a sample`,
    advice: 'Give one label a sample, or explain the predicted class.',
  })
}
