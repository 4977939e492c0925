/** Values of [..., channels] summed over their channels, in float64; of one channel the values themselves. */
export function summedOverChannels(values: Float32Array, channels: number): Float32Array {
  if (channels === 1) return values
  return Float32Array.from({ length: values.length / channels }, (_, pixel) => {
    let sum = 0
    for (let channel = 0; channel < channels; channel += 1) sum += values[pixel * channels + channel] ?? 0
    return sum
  })
}
