/** The sizes that decide where a pixel goes. */
interface StepSizes {
  readonly rows: number
  readonly columns: number
  readonly steps: number
}

/**
 * Cuts images into the steps that the network reads, from left to right.
 *
 * @param images [N, rows, columns]
 * @returns [T*N, rows * columns / T]: row `t * N + n` is step t of image n, its pixels row by row
 */
export function toSteps(images: Float32Array, sizes: StepSizes): Float32Array {
  const stepped = new Float32Array(images.length)
  eachRun(images.length, sizes, (image, step, length) => {
    for (let index = 0; index < length; index += 1) stepped[step + index] = images[image + index] ?? 0
  })
  return stepped
}

/** The inverse of {@link toSteps}. */
export function fromSteps(stepped: Float32Array, sizes: StepSizes): Float32Array {
  const images = new Float32Array(stepped.length)
  eachRun(stepped.length, sizes, (image, step, length) => {
    for (let index = 0; index < length; index += 1) images[image + index] = stepped[step + index] ?? 0
  })
  return images
}

/** Visits each run of neighbouring pixels: one row of one step of one image. */
function eachRun(
  total: number,
  { rows, columns, steps }: StepSizes,
  visit: (image: number, step: number, length: number) => void,
): void {
  const count = total / (rows * columns)
  const width = columns / steps
  for (let n = 0; n < count; n += 1) {
    for (let row = 0; row < rows; row += 1) {
      for (let t = 0; t < steps; t += 1) {
        visit((n * rows + row) * columns + t * width, ((t * count + n) * rows + row) * width, width)
      }
    }
  }
}
