/** Adam's decay rates and stabiliser, as its paper has them (Kingma and Ba 2015, algorithm 1). */
const DECAY_1 = 0.9
const DECAY_2 = 0.999
const EPSILON = 1e-8

/** One trained tensor: its values and Adam's running means of the gradient and of its square. */
export interface TrainedTensor {
  readonly shape: number[]
  readonly values: Float32Array
  readonly mean: Float32Array
  readonly square: Float32Array
}

/**
 * One step of Adam, in place. It runs in plain JavaScript, so that it is the same on every backend and its state is
 * what a checkpoint holds.
 *
 * @param step from 1
 */
export function adamStep(
  { values, mean, square }: TrainedTensor,
  gradient: Float32Array,
  learningRate: number,
  step: number,
): void {
  const rate = (learningRate * Math.sqrt(1 - DECAY_2 ** step)) / (1 - DECAY_1 ** step)
  const epsilon = EPSILON * Math.sqrt(1 - DECAY_2 ** step)
  for (let index = 0; index < values.length; index += 1) {
    const slope = gradient[index] ?? 0
    const m = DECAY_1 * (mean[index] ?? 0) + (1 - DECAY_1) * slope
    const v = DECAY_2 * (square[index] ?? 0) + (1 - DECAY_2) * slope * slope
    mean[index] = m
    square[index] = v
    values[index] = (values[index] ?? 0) - (rate * m) / (Math.sqrt(v) + epsilon)
  }
}
