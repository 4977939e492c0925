import { explainBatch, type BatchExplanation } from '../../src/engine/explainers/explain-batch.ts'
import type { Model } from '../../src/engine/models/model.ts'
import { prepareModel } from '../../src/engine/models/prepared-model.ts'
import { TOY_SIZES } from './random-model.ts'

/** Pixels of an image of the toy size. */
export const PIXELS = TOY_SIZES.rows * TOY_SIZES.columns

export async function explainOnce(
  model: Model,
  images: Float32Array,
  targets: readonly number[],
  methods: readonly string[],
  sampleIndices: readonly number[] = targets.map((_, n) => n),
): Promise<BatchExplanation> {
  const prepared = prepareModel(model)
  try {
    return await explainBatch(prepared, { images, targets, sampleIndices }, methods)
  } finally {
    prepared.dispose()
  }
}

export function mapOf(result: BatchExplanation, method: string): Float32Array {
  const maps = result.methods.get(method)
  if (maps === undefined) throw new Error(`no maps of ${method}`)
  return maps.maps
}
