import { disposeForward, readAnyLogits, recordAnyForward } from '../graph/any-forward.ts'
import type { AnyPreparedModel } from '../graph/any-model.ts'
import type { BatchInputs } from './attribution.ts'

/** The value of a black pixel. */
const BLACK = -1

export interface OcclusionOptions {
  /** Side of the square patches in pixels; what is larger than the image covers all of it. */
  readonly patch: number
  /** Pixels from one patch to the next, at most the side. */
  readonly stride: number
}

/**
 * Occlusion (Zeiler and Fergus, 2014): how much the explained logit drops when a patch is set to black in all channels,
 * averaged for each pixel over the patches that cover it. One patch of the whole batch is computed at a time.
 *
 * @param explained [N]: the logit f of each sample
 * @returns [N, rows, columns]
 */
export async function occlusion(
  model: AnyPreparedModel,
  { images, targets }: BatchInputs,
  explained: Float64Array,
  { patch, stride }: OcclusionOptions,
): Promise<Float32Array> {
  const { rows, columns, channels = 1, classes } = model.layout.sizes
  const pixels = rows * columns
  const drops = new Float64Array(targets.length * pixels)
  const covers = new Uint32Array(pixels)
  const covered = new Float32Array(images.length)
  for (const top of patchStarts(rows, patch, stride)) {
    for (const left of patchStarts(columns, patch, stride)) {
      const inPatch = pixelsOf(top, left, patch, { rows, columns })
      covered.set(images)
      for (const [n] of targets.entries()) {
        for (const pixel of inPatch) {
          const first = (n * pixels + pixel) * channels
          covered.fill(BLACK, first, first + channels)
        }
      }
      const logits = await logitsOf(model, covered)
      for (const pixel of inPatch) covers[pixel] = (covers[pixel] ?? 0) + 1
      for (const [n, target] of targets.entries()) {
        const drop = (explained[n] ?? NaN) - (logits[n * classes + target] ?? NaN)
        for (const pixel of inPatch) {
          const index = n * pixels + pixel
          drops[index] = (drops[index] ?? 0) + drop
        }
      }
    }
  }
  return Float32Array.from(drops, (sum, index) => sum / (covers[index % covers.length] ?? NaN))
}

/** Where patches begin along a side: every `stride` pixels, and one more flush with the border if the last ends short. */
export function patchStarts(size: number, patch: number, stride: number): number[] {
  const last = Math.max(0, size - patch)
  const starts = Array.from({ length: Math.floor(last / stride) + 1 }, (_, index) => index * stride)
  return last % stride === 0 ? starts : [...starts, last]
}

function pixelsOf(
  top: number,
  left: number,
  patch: number,
  { rows, columns }: { rows: number; columns: number },
): number[] {
  const pixels: number[] = []
  for (let row = top; row < Math.min(rows, top + patch); row += 1) {
    for (let column = left; column < Math.min(columns, left + patch); column += 1) {
      pixels.push(row * columns + column)
    }
  }
  return pixels
}

async function logitsOf(model: AnyPreparedModel, images: Float32Array): Promise<Float32Array> {
  const forward = recordAnyForward(model, images)
  try {
    return await readAnyLogits(forward)
  } finally {
    disposeForward(forward)
  }
}
