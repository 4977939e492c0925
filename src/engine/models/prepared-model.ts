import * as tf from '@tensorflow/tfjs-core'
import { LayerWeights } from './layer-weights.ts'
import { layoutOf, type Model } from './model.ts'
import type { ModelLayout } from './layout.ts'

/** A model whose weights are on the backend, checked against its architecture. */
export interface PreparedModel {
  readonly model: Model
  readonly layout: ModelLayout
  readonly weights: LayerWeights
  /** Frees the tensors. */
  dispose(): void
}

/** @throws HeatproofError `bad_model`, `bad_values`: see {@link layoutOf} */
export function prepareModel(model: Model): PreparedModel {
  const layout = layoutOf(model)
  const tensors = new Map(
    [...model.weights].map(([name, { data, shape }]) => [name, tf.keep(tf.tensor(data, shape))] as const),
  )
  const weights = new LayerWeights(layout, tensors)
  return {
    model,
    layout,
    weights,
    dispose() {
      weights.dispose()
      for (const tensor of tensors.values()) tensor.dispose()
    },
  }
}
