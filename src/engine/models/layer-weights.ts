import * as tf from '@tensorflow/tfjs-core'
import { backwardKernel, convolve, convolveBack, forwardKernel } from './convolution.ts'
import type { ModelLayout } from './layout.ts'
import { WHOLE, type WeightPart } from './weight-parts.ts'

/**
 * The weights of a model as tensors, with every part and transpose that the forward pass and the rules multiply by,
 * each computed once. (Transposing inside a product is slow on wasm.)
 */
export class LayerWeights {
  readonly layout: ModelLayout
  readonly #tensors: ReadonlyMap<string, tf.Tensor>
  readonly #derived = new Map<string, tf.Tensor>()

  /** @param tensors by their names in the weight file, e.g. `in1.weight` */
  constructor(layout: ModelLayout, tensors: ReadonlyMap<string, tf.Tensor>) {
    this.layout = layout
    this.#tensors = tensors
  }

  /**
   * What of the layer's weight belongs to one of its inputs: [values of the source, units], or of a convolution
   * [kernel rows, kernel columns, channels of the source, units]. Of a joint layer: those of its parts, side by side.
   */
  block(layer: string, source: string, part: WeightPart = WHOLE): tf.Tensor {
    return this.#derive(`${layer}<${source} ${part.name}`, () => {
      if (part !== WHOLE) return part.of(this.block(layer, source))
      const parts = this.layout.partsOf(layer)
      if (parts.length > 1)
        return tf.concat(
          parts.map((name) => this.block(name, source)),
          -1,
        )
      const { start, size } = this.layout.rowsOf(layer, source)
      const weight = this.#tensor(`${layer}.weight`)
      const axis = weight.rank - 2
      if (size === weight.shape[axis]) return tf.clone(weight)
      const begin = weight.shape.map((_, index) => (index === axis ? start : 0))
      return tf.slice(
        weight,
        begin,
        weight.shape.map((length, index) => (index === axis ? size : length)),
      )
    })
  }

  /** `x W` for a part of the weight: [rows, values of the source] -> [rows, values of the layer]. */
  times(layer: string, source: string, x: tf.Tensor2D, part: WeightPart = WHOLE): tf.Tensor2D {
    const convolution = this.layout.convolution(layer, source)
    if (convolution === undefined) return tf.matMul(x, this.block(layer, source, part))
    const kernel = this.#derive(`${layer}<${source} ${part.name} forward`, () =>
      forwardKernel(this.block(layer, source, part) as tf.Tensor4D, convolution),
    )
    return convolve(x, kernel, convolution)
  }

  /** `y W^T` for a part of the weight: [rows, values of the layer] -> [rows, values of the source]. */
  timesTransposed(layer: string, source: string, y: tf.Tensor2D, part: WeightPart = WHOLE): tf.Tensor2D {
    const convolution = this.layout.convolution(layer, source)
    const key = `${layer}<${source} ${part.name} backward`
    const block = () => this.block(layer, source, part)
    if (convolution === undefined) {
      return tf.matMul(
        y,
        this.#derive(key, () => tf.transpose(block() as tf.Tensor2D)),
      )
    }
    const kernel = this.#derive(key, () => backwardKernel(block() as tf.Tensor4D, convolution))
    return convolveBack(y, kernel, convolution)
  }

  /** What a source whose values are all 1 adds to the layer: [1, values of the layer]. */
  sums(layer: string, source: string, part: WeightPart): tf.Tensor2D {
    return this.#derive(`${layer}<${source} ${part.name} sums`, () => {
      const { height, width, channels } = this.layout.extentOf(source)
      return this.times(layer, source, tf.ones([1, height * width * channels]), part)
    })
  }

  /** The effective bias, `-softplus(raw)` or a gate's plain one, for every value of the layer: [values of the layer]. */
  bias(layer: string): tf.Tensor1D {
    return this.#derive(`${layer} bias`, () => {
      const parts = this.layout.partsOf(layer)
      if (parts.length > 1) return tf.concat(parts.map((name) => this.bias(name)))
      const raw = this.#tensor(this.layout.biasName(layer)) as tf.Tensor1D
      const bias = this.layout.layer(layer).bias === 'plain' ? tf.clone(raw) : tf.neg(tf.softplus(raw))
      const { height, width } = this.layout.extentOf(layer)
      return height * width === 1 ? bias : tf.tile<tf.Tensor1D>(bias, [height * width])
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
