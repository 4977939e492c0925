import type { NamedTensor } from '../exchange/safetensors.ts'
import type { Box } from './shapes.ts'

const NOTHING: Pick<NamedTensor, 'shape' | 'data'> = { shape: [], data: Float32Array.of(0) }
const WHOLE: Pick<NamedTensor, 'shape' | 'data'> = { shape: [], data: Float32Array.of(1) }

/**
 * Where the range of pixels goes under factors and summands, e.g. those of a normalisation with a mean for each channel: the range
 * that holds those of all channels. undefined where a factor is 0, or it is not known which summand it goes with.
 */
export function movedBox(
  { low, high }: Box,
  factors: Pick<NamedTensor, 'shape' | 'data'> = WHOLE,
  summands: Pick<NamedTensor, 'shape' | 'data'> = NOTHING,
): Box | undefined {
  const [scales, shifts] = [onlyDifferent(factors.data), onlyDifferent(summands.data)]
  const isPaired =
    scales.length === 1 || shifts.length === 1 || factors.shape.join() === summands.shape.join()
  if (!isPaired || scales.includes(0)) return undefined
  const moved = { low: Infinity, high: -Infinity }
  for (let at = 0; at < Math.max(scales.length, shifts.length); at += 1) {
    const scale = scales[scales.length === 1 ? 0 : at] ?? NaN
    const shift = shifts[shifts.length === 1 ? 0 : at] ?? NaN
    moved.low = Math.min(moved.low, scale * low + shift, scale * high + shift)
    moved.high = Math.max(moved.high, scale * low + shift, scale * high + shift)
  }
  return moved
}

/** The single number that all values are, else all of them. */
function onlyDifferent(values: Float32Array): Float32Array {
  const [first] = values
  return values.every((value) => value === first) ? values.subarray(0, 1) : values
}
