import type { ChannelOrder, DatasetName } from '../../../shared/names.ts'
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
  /** Where the channels of a value of three axes are; absent: at the axis of at most 4, else where the file's program has them. */
  readonly channels?: ChannelOrder | undefined
  /** The data set whose classes the network knows. */
  readonly dataset?: DatasetName | undefined
}

/** More are taken for rows or columns: grey with alpha, colour, colour with alpha. */
const MOST_CHANNELS = 4
/** Rows of an image of the data sets: what a flat input is cut into unless somebody says otherwise. */
const USUAL_ROWS = 28

/**
 * How a network reads an image.
 *
 * @param shape of its input, without the batch
 * @param usual where the program that wrote the file has channels
 * @param where names the input, for messages
 * @throws HeatproofError `bad_model`: a size that makes no image
 */
export function inputOf(
  shape: readonly number[],
  { range, rows: wished, inSteps = false, channels: said }: InputWishes,
  usual: ChannelOrder,
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
    const size = { rows, columns: (steps * pixels) / rows, channels: 1, steps }
    return { size, input: { shape: whole, order: 'steps', ...scaling } }
  }
  if (sizes.length === 3) {
    const order = said ?? orderOf(sizes) ?? usual
    const [rows = 0, columns = 0, channels = 0] = order === 'last' ? sizes : [...sizes.slice(1), ...sizes]
    const size = { rows, columns, channels, steps: 1 }
    return { size, input: { shape: whole, order: order === 'last' ? 'image' : 'planes', ...scaling } }
  }
  const [rows, columns] = sizes.length < 2 ? flatSize(product(sizes), wished, where) : sizes
  if (rows === undefined || columns === undefined || sizes.length > 2) {
    throw badModel(
      `${printShape(shape)} as ${where}`,
      'an image: rows and columns, and channels before or after them',
    )
  }
  return {
    size: { rows, columns, channels: 1, steps: 1 },
    input: { shape: whole, order: 'image', ...scaling },
  }
}

/** Where channels are by their number; undefined: both ends, or none, may be they. */
function orderOf([first = 0, , last = 0]: readonly number[]): ChannelOrder | undefined {
  const [isFirst, isLast] = [first <= MOST_CHANNELS, last <= MOST_CHANNELS]
  if (isFirst === isLast) return undefined
  return isFirst ? 'first' : 'last'
}

function flatSize(pixels: number, rows = USUAL_ROWS, where: string): readonly number[] {
  if (pixels % rows === 0) return [rows, pixels / rows]
  throw badModel(`${pixels} pixels as ${where}`, `a multiple of ${rows}, the rows of an image`)
}
