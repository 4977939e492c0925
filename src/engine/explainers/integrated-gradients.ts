import { disposeForward, readAnyLogits, recordInputs } from '../graph/any-forward.ts'
import type { AnyPreparedModel } from '../graph/any-model.ts'
import type { BatchInputs } from './attribution.ts'
import { meanGradient } from './input-gradient.ts'
import { valuesOf } from '../models/layout.ts'
import { summedOverChannels } from '../models/channels.ts'

export interface IntegratedGradientsOptions {
  /** Points n on the line, at `(k + 0.5) / n`. */
  readonly steps: number
  /** The value x0 of every pixel where the line begins; -1 is black. */
  readonly baseline: number
}

/**
 * Integrated gradients (Sundararajan et al., 2017, eq. 1) by the midpoint rule: `(x - x0) * mean of df/dx` on the line
 * from x0 to x, for the same class along the whole line; of a pixel the sum over its channels.
 *
 * @returns [N, rows, columns]
 */
export async function integratedGradients(
  model: AnyPreparedModel,
  { images, targets }: BatchInputs,
  { steps, baseline }: IntegratedGradientsOptions,
): Promise<Float32Array> {
  const point = new Float32Array(images.length)
  const at = (k: number) => {
    const part = (k + 0.5) / steps
    for (let index = 0; index < images.length; index += 1) {
      point[index] = baseline + part * ((images[index] ?? 0) - baseline)
    }
    return point
  }
  const mean = await meanGradient(model, targets, { count: steps, at })
  const byValue = mean.map((gradient, index) => gradient * ((images[index] ?? 0) - baseline))
  const { channels = 1 } = model.layout.sizes
  return summedOverChannels(byValue, channels)
}

/** The logits of an input that is the baseline everywhere, [classes]: what integrated gradients are held to. */
export async function baselineLogits(model: AnyPreparedModel, baseline: number): Promise<Float32Array> {
  const image = new Float32Array(valuesOf(model.layout.sizes)).fill(baseline)
  const forward = recordInputs(model, image)
  try {
    return await readAnyLogits(forward)
  } finally {
    disposeForward(forward)
  }
}
