import type { Model } from '../../../src/engine/models/model.ts'
import { parseMethod } from '../../../src/shared/methods.ts'
import type { AlphaBetaOptions, Kept, Vector } from './layers.ts'
import { recordConvolutional } from './convolutional.ts'
import { integratedLoop, occludedLoop, smoothLoop } from './perturbed.ts'
import { recordReluNetwork } from './relu-network.ts'
import { recordRlstm } from './rlstm.ts'

/** How gradients walk: through which ReLUs, and through gates or not. */
export interface GradientOptions {
  readonly guided: boolean
  readonly constantGates: boolean
}

/** A forward pass with what it needs to go back; both give a vector a step, in the order of its pixels. */
export interface Recorded {
  readonly logits: Vector
  readonly gradients: (target: number, options: GradientOptions) => Vector[]
  readonly relevances: (target: number, options: AlphaBetaOptions) => Vector[]
  /** LRP-epsilon, with what epsilon and biases kept. */
  readonly withEpsilon: (target: number, epsilon: number) => { arrived: Vector[]; kept: Kept }
}

export function record(model: Model, image: ArrayLike<number>): Recorded {
  const steps = stepsOf(model, image)
  if (model.weights.has('conv1.weight')) return recordConvolutional(model, steps)
  return model.architecture === 'rlstm' ? recordRlstm(model, steps) : recordReluNetwork(model, steps)
}

/** What epsilon and biases keep of an image's relevance. */
export function referenceKept(model: Model, image: ArrayLike<number>, target: number, epsilon: number): Kept {
  return record(model, image).withEpsilon(target, epsilon).kept
}

/** The map of a method for one image, row by row; `sampleIndex` decides the noise of SmoothGrad. */
export function referenceMap(
  model: Model,
  image: ArrayLike<number>,
  target: number,
  id: string,
  sampleIndex = 0,
): number[] {
  const recorded = record(model, image)
  const gradient = (guided: boolean, constantGates: boolean) =>
    imageOf(model, recorded.gradients(target, { guided, constantGates }))
  const method = parseMethod(id)
  switch (method.family) {
    case 'sa':
      return gradient(false, false).map((g) => g * g)
    case 'gi':
      return gradient(false, false).map((g, i) => g * (image[i] ?? NaN))
    case 'sa_const_gates':
      return gradient(false, true).map((g) => g * g)
    case 'gb':
      return gradient(true, true).map((g) => g * g)
    case 'gb_raw_gates':
      return gradient(true, false).map((g) => g * g)
    case 'dtd':
      return imageOf(model, recorded.relevances(target, { alpha: 1, beta: 0, floored: true }))
    case 'lrp_alpha_beta':
      return imageOf(model, recorded.relevances(target, method))
    case 'lrp_eps':
      return imageOf(model, recorded.withEpsilon(target, method.epsilon).arrived)
    case 'ig':
      return integratedLoop(image, method, (x) => gradientOf(model, x, target))
    case 'smoothgrad':
      return smoothLoop(image, method, sampleIndex, (x) => gradientOf(model, x, target))
    case 'occlusion':
      return occludedLoop(model, image, method, (x) => record(model, x).logits[target] ?? NaN)
    case 'random':
    case 'import':
      throw new Error('neither noise nor imported maps have a reference')
  }
}

function gradientOf(model: Model, image: ArrayLike<number>, target: number): number[] {
  return imageOf(model, record(model, image).gradients(target, { guided: false, constantGates: false }))
}

function stepsOf({ rows, columns, steps }: Model, image: ArrayLike<number>): number[][] {
  const width = columns / steps
  return Array.from({ length: steps }, (_, t) =>
    Array.from(
      { length: rows * width },
      (__, i) => image[Math.floor(i / width) * columns + t * width + (i % width)] ?? NaN,
    ),
  )
}

function imageOf({ rows, columns, steps }: Model, perStep: readonly Vector[]): number[] {
  const width = columns / steps
  return Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns]
    return perStep[Math.floor(column / width)]?.[row * width + (column % width)] ?? NaN
  })
}
