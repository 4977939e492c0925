import * as tf from '@tensorflow/tfjs-core'
import { HeatproofError } from '../../shared/errors.ts'
import type { Architecture } from './architectures.ts'
import type { PreparedModel } from './prepared-model.ts'
import { toSteps } from './steps.ts'
import { describeNode, isLayer, type LogitsNode } from './nodes.ts'
import { Tape } from './tape.ts'

/** A recorded forward pass; `tape.dispose()` frees it. */
export interface Forward {
  readonly tape: Tape
  readonly logits: LogitsNode
}

/**
 * Runs and records the forward pass of a batch.
 *
 * @param images [N, rows, columns] in [-1, 1]
 * @throws HeatproofError `bad_values`: a length that is no multiple of an image's, NaN or values outside [-1, 1]
 */
export function recordForward(model: PreparedModel, images: Float32Array): Forward {
  const { rows, columns } = model.layout.sizes
  requirePixels(images, rows * columns)
  return recordSteps(model, toSteps(images, model.layout.sizes))
}

/**
 * The same for inputs that are cut into steps already and may leave the range of pixels, as noisy ones do.
 *
 * @param stepped [T*N, pixels of a step], as {@link toSteps} gives them
 */
export function recordSteps({ layout, weights }: PreparedModel, stepped: tf.Tensor2D): Forward {
  const tape = new Tape(weights, stepped, layout.sizes.steps)
  return { tape, logits: runForward(tape, layout.architecture) }
}

/** Records an architecture's forward pass; only the nodes' values stay. */
export function runForward(tape: Tape, architecture: Architecture): LogitsNode {
  tf.engine().startScope()
  try {
    return architecture.forward(tape)
  } finally {
    tf.engine().endScope()
  }
}

/**
 * The logits of a recorded pass, [N, classes].
 *
 * @throws HeatproofError `bad_values` naming the first node that is not finite
 */
export async function readLogits({ tape, logits }: Forward): Promise<Float32Array> {
  const node = await firstNotFinite(tape)
  if (node !== undefined) throw notFinite(node)
  return Float32Array.from(await logits.value.data())
}

/** The refusal of a pass in which a node is not finite. */
export function notFinite(node: string): HeatproofError {
  return new HeatproofError('bad_values', {
    found: `NaN or infinity in the output of ${node}`,
    expected: 'finite activations',
    advice: 'Check the weights of the model: some are too large for float32.',
  })
}

/** The first node that holds, or whose activation got, NaN or infinity. */
export async function firstNotFinite(tape: Tape): Promise<string | undefined> {
  if (await areFinite(() => tape.sumBeforeActivations())) return undefined
  for (const node of tape.nodes) {
    const sound =
      (await areFinite(() => tf.clone(node.value))) &&
      (!isLayer(node) || (await areFinite(() => tf.clone(tape.preActivation(node)))))
    if (!sound) return describeNode(node)
  }
  return undefined
}

/** Whether what is computed holds neither NaN nor infinity. */
export async function areFinite(compute: () => tf.Tensor): Promise<boolean> {
  const tensor = tf.tidy(compute)
  try {
    return (await tensor.data()).every(Number.isFinite)
  } finally {
    tensor.dispose()
  }
}

/** The class of the largest logit, for each sample; the first of equal ones. */
export function predictedClasses(logits: Float32Array, classes: number): Int32Array {
  return Int32Array.from({ length: logits.length / classes }, (_, n) => {
    const own = logits.subarray(n * classes, (n + 1) * classes)
    return own.indexOf(Math.max(...own))
  })
}

/** Throws `bad_values` unless these are whole images of pixels in [-1, 1]. */
export function requirePixels(images: Float32Array, pixels: number): void {
  if (images.length === 0 || images.length % pixels !== 0) {
    throw new HeatproofError('bad_values', {
      found: `${images.length} pixel values`,
      expected: `a multiple of ${pixels}, the pixels of an image`,
      advice: "Give images of the model's size.",
    })
  }
  const bad = firstOutside(images)
  if (bad < 0) return
  throw new HeatproofError('bad_values', {
    found: `the pixel value ${String(images[bad])} in image ${Math.floor(bad / pixels)}`,
    expected: 'values from -1 (black) to 1 (white)',
    advice: 'Scale the pixels by 2 v / 255 - 1.',
  })
}

/** Index of the first value outside [-1, 1] or NaN, else -1. (A loop: half a million values a batch.) */
function firstOutside(images: Float32Array): number {
  for (let index = 0; index < images.length; index += 1) {
    const value = images[index] ?? NaN
    if (!(value >= -1 && value <= 1)) return index
  }
  return -1
}
