import * as tf from '@tensorflow/tfjs-core'
import type { ModelLayout } from './layout.ts'

/** What of a weight a rule multiplies by. Floored parts keep a little flow where there would be none. */
export type WeightPart = 'whole' | keyof typeof PARTS

/** Floor of `w+` and -`w-` in hidden alpha-beta layers. */
export const WEIGHT_FLOOR = 1e-9
/** The range of pixels: [-1, 1]. */
export const PIXEL_BOX = { low: -1, high: 1 } as const

const PARTS = {
  /** `w+ = max(w, 0)` */
  positive: (w: tf.Tensor2D): tf.Tensor2D => tf.relu(w),
  /** `w- = min(w, 0)` */
  negative: (w: tf.Tensor2D): tf.Tensor2D => tf.minimum(w, 0),
  /** `w+ = max(w, 1e-9)` */
  positive_floored: (w: tf.Tensor2D): tf.Tensor2D => tf.maximum(w, WEIGHT_FLOOR),
  /** `w- = min(w, -1e-9)` */
  negative_floored: (w: tf.Tensor2D): tf.Tensor2D => tf.minimum(w, -WEIGHT_FLOOR),
  /** `-l w+ - h w-`, what the box adds to a pixel's part in the z-B rule */
  box: (w: tf.Tensor2D): tf.Tensor2D => boxPart(w, PIXEL_BOX.low, PIXEL_BOX.high),
} as const

export function boxPart(w: tf.Tensor2D, low: number, high: number): tf.Tensor2D {
  return tf.sub(tf.mul(tf.relu(w), -low), tf.mul(tf.minimum(w, 0), high))
}

/**
 * The weights of a model as tensors, with every part and transpose that the forward pass and the rules multiply by,
 * each computed once. (Transposing inside a product is slow on wasm.)
 */
export class LayerWeights {
  readonly #layout: ModelLayout
  readonly #tensors: ReadonlyMap<string, tf.Tensor>
  readonly #derived = new Map<string, tf.Tensor>()

  /** @param tensors by their names in the weight file, e.g. `in1.weight` */
  constructor(layout: ModelLayout, tensors: ReadonlyMap<string, tf.Tensor>) {
    this.#layout = layout
    this.#tensors = tensors
  }

  /** The rows of the layer's weight that belong to one of its inputs: [units of the source, units]. */
  block(layer: string, source: string, part: WeightPart = 'whole'): tf.Tensor2D {
    return this.#derive(`${layer}<${source} ${part}`, () => {
      if (part !== 'whole') return PARTS[part](this.block(layer, source))
      const { start, size } = this.#layout.rowsOf(layer, source)
      const weight = this.#tensor(`${layer}.weight`) as tf.Tensor2D
      return size === weight.shape[0] ? tf.clone(weight) : tf.slice(weight, [start, 0], [size, -1])
    })
  }

  /** The transpose of {@link block}, scaled: [units, units of the source]. */
  transposed(layer: string, source: string, part: WeightPart = 'whole', scale = 1): tf.Tensor2D {
    return this.#derive(`${layer}<${source} ${part} transposed ${scale}`, () => {
      const block = this.block(layer, source, part)
      return tf.transpose(scale === 1 ? block : tf.mul(block, scale))
    })
  }

  /** Sum over the rows of {@link block}: [units]. */
  columnSums(layer: string, source: string, part: WeightPart): tf.Tensor1D {
    return this.#derive(`${layer}<${source} ${part} sums`, () => tf.sum(this.block(layer, source, part), 0))
  }

  /** The effective bias: `-softplus(raw)`, or a gate's plain one: [units]. */
  bias(layer: string): tf.Tensor1D {
    return this.#derive(`${layer} bias`, () => {
      const bias = this.#tensor(this.#layout.biasName(layer)) as tf.Tensor1D
      return this.#layout.layers[layer]?.bias === 'plain' ? tf.clone(bias) : tf.neg(tf.softplus(bias))
    })
  }

  /** Frees what was derived; the tensors themselves belong to the caller. */
  dispose(): void {
    for (const tensor of this.#derived.values()) tensor.dispose()
    this.#derived.clear()
  }

  #tensor(name: string): tf.Tensor {
    const tensor = this.#tensors.get(name)
    if (tensor === undefined) throw new RangeError(`no tensor '${name}'`)
    return tensor
  }

  #derive<Derived extends tf.Tensor>(key: string, compute: () => Derived): Derived {
    const known = this.#derived.get(key)
    if (known !== undefined) return known as Derived
    const derived = tf.keep(tf.tidy(compute))
    this.#derived.set(key, derived)
    return derived
  }
}
