import * as tf from '@tensorflow/tfjs-core'
import {
  areFinite,
  notFinite,
  readLogits,
  recordForward,
  recordSteps,
  requirePixels,
  type Forward,
} from '../models/forward.ts'
import { valuesOf } from '../models/layout.ts'
import { toSteps } from '../models/steps.ts'
import type { AnyPreparedModel } from './any-model.ts'
import { INPUT } from './description.ts'
import { GraphForward } from './graph-forward.ts'
import { PreparedGraph } from './prepared-graph.ts'

/** A recorded forward pass of any model; {@link disposeForward} frees it. */
export type AnyForward = Forward | GraphForward

/**
 * Runs and records the forward pass of a batch.
 *
 * @param images [N, rows, columns, channels] in [-1, 1]
 * @throws HeatproofError `bad_values`: a length that is no multiple of an image's, NaN or values outside [-1, 1]
 */
export function recordAnyForward(model: AnyPreparedModel, images: Float32Array): AnyForward {
  if (!(model instanceof PreparedGraph)) return recordForward(model, images)
  requirePixels(images, valuesOf(model.model))
  return new GraphForward(model, images)
}

/** The same for inputs that may leave the range of pixels, as noisy ones do. */
export function recordInputs(model: AnyPreparedModel, inputs: Float32Array): AnyForward {
  if (model instanceof PreparedGraph) return new GraphForward(model, inputs)
  return recordSteps(model, toSteps(inputs, model.layout.sizes))
}

/**
 * The logits of a recorded pass, [N, classes].
 *
 * @throws HeatproofError `bad_values` naming the first node that holds NaN or infinity
 */
export async function readAnyLogits(forward: AnyForward): Promise<Float32Array> {
  if (!(forward instanceof GraphForward)) return readLogits(forward)
  await requireFiniteGraph(forward)
  return Float32Array.from(await forward.logits.data())
}

/** Looks at every value only where the sum of all is not finite. */
async function requireFiniteGraph(forward: GraphForward): Promise<void> {
  if (await areFinite(() => forward.sumOfValues())) return
  const { graph } = forward
  if (!(await areFinite(() => tf.clone(forward.value(INPUT))))) throw notFinite('the input')
  for (const node of graph.model.graph.nodes) {
    if (!(await areFinite(() => tf.clone(forward.value(node.name))))) throw notFinite(graph.describe(node))
  }
}

/** How many samples the pass was recorded for. */
export function batchSizeOf(forward: AnyForward): number {
  return forward instanceof GraphForward ? forward.batchSize : forward.tape.batchSize
}

export function disposeForward(forward: AnyForward): void {
  if (forward instanceof GraphForward) forward.dispose()
  else forward.tape.dispose()
}
