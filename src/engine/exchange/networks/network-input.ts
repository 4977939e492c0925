import type { DatasetName } from '../../../shared/names.ts'
import { badModel } from '../../models/model.ts'
import type { GraphDescription } from '../../graph/description.ts'
import { printShape, product } from '../../graph/shapes.ts'
import { PIXEL_BOX } from '../../models/weight-parts.ts'
import type { NetworkSize } from './imported-network.ts'

/** What somebody says of the images that a network reads. */
export interface InputWishes {
  /** What black and white are for the network. */
  readonly range: readonly [number, number]
  /** Rows of the image, for networks that read it flat or in steps. */
  readonly rows?: number | undefined
  /** Whether a value of two axes is [steps, pixels of a step] and not [rows, columns]. */
  readonly inSteps?: boolean | undefined
  /** The data set whose classes the network knows. */
  readonly dataset?: DatasetName | undefined
}

/** Rows of an image of the data sets: what a flat input is cut into unless somebody says otherwise. */
const USUAL_ROWS = 28

/**
 * How a network reads an image.
 *
 * @param shape of its input, without the batch
 * @param where names the input, for messages
 * @throws HeatproofError `bad_model`: several channels, or a size that makes no image
 */
export function inputOf(
  shape: readonly number[],
  { range, rows: wished, inSteps = false }: InputWishes,
  where: string,
): { size: NetworkSize; input: GraphDescription['input'] } {
  const [low, high] = range
  const scale = (high - low) / (PIXEL_BOX.high - PIXEL_BOX.low)
  const scaling = { scale, shift: low - scale * PIXEL_BOX.low }
  const whole = [...shape]
  if (shape.length === 0) throw badModel(`a single number as ${where}`, 'an image')
  const sizes = shape.filter((size, axis) => size !== 1 || (shape.length === 2 && axis === 0))
  if (inSteps) {
    const [steps = 0, pixels = 0] = sizes
    const rows = wished ?? USUAL_ROWS
    if (sizes.length !== 2 || pixels % rows !== 0) {
      throw badModel(
        `${printShape(shape)} as ${where}`,
        `steps of ${rows} rows: [steps, a multiple of ${rows}]`,
      )
    }
    const size = { rows, columns: (steps * pixels) / rows, steps }
    return { size, input: { shape: whole, order: 'steps', ...scaling } }
  }
  const [rows, columns] = sizes.length < 2 ? flatSize(product(sizes), wished, where) : sizes
  if (rows === undefined || columns === undefined || sizes.length > 2) {
    throw badModel(`${printShape(shape)} as ${where}`, 'an image of one channel: rows and columns')
  }
  return { size: { rows, columns, steps: 1 }, input: { shape: whole, order: 'image', ...scaling } }
}

function flatSize(pixels: number, rows = USUAL_ROWS, where: string): readonly number[] {
  if (pixels % rows === 0) return [rows, pixels / rows]
  throw badModel(`${pixels} pixels as ${where}`, `a multiple of ${rows}, the rows of an image`)
}
