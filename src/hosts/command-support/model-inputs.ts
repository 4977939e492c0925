import { batchOfInputs } from '../../engine/compute/batch-size.ts'
import { frameIn, toRowsFirst, type InputFrame } from '../../engine/exchange/import/array-layout.ts'
import { openNpyReader } from '../../engine/exchange/npy-reader.ts'
import { HeatproofError } from '../../shared/errors.ts'

/** How inputs may lie in a file; where both of the last fit, the channels are last. */
const LAYOUTS = ['nhw', 'nhwc', 'nchw'] as const

/** What the inputs are for. */
export interface InputsShape {
  rows: number
  columns: number
  /** Values of a pixel; default: any number. */
  channels?: number | undefined
  /** Number of inputs; default: any. */
  count?: number
  /** E.g. `the model deep-…`. */
  use: string
}

/** Inputs of a model in a file, all of them checked; only slices are held in memory. */
export interface ModelInputs {
  count: number
  /** Values of a pixel. */
  channels: number
  /** Some inputs as [count, rows, columns, channels]. */
  slice(first: number, count: number): Promise<Float32Array>
  close(): Promise<void>
}

/**
 * Opens a .npy file of inputs and reads it once from end to end.
 *
 * @param batch inputs that are read at a time, fewer of large ones
 * @throws HeatproofError `not_found`, `bad_file` (damaged; shape or type), `bad_values` (NaN, outside [-1, 1])
 */
export async function openModelInputs(
  path: string,
  { rows, columns, channels: wantedChannels, count: wanted, use }: InputsShape,
  batch: number,
): Promise<ModelInputs> {
  const reader = await openNpyReader(path)
  try {
    const fitting = LAYOUTS.flatMap((layout) => {
      const frame = frameIn(layout, reader.shape)
      const fits =
        frame?.rows === rows &&
        frame.columns === columns &&
        frame.channels === (wantedChannels ?? frame.channels)
      return fits ? [{ layout, ...frame }] : []
    })
    const [found] = fitting
    const count = found?.count ?? 0
    if (found === undefined || count === 0 || count !== (wanted ?? count)) {
      const first = wanted ?? 'N'
      const colours = wantedChannels ?? 'channels'
      const colour = `[${first}, ${rows}, ${columns}, ${colours}] or [${first}, ${colours}, ${rows}, ${columns}]`
      throw unsuitable(
        `an array of shape [${reader.shape.join(', ')}] in ${path}`,
        `inputs of shape ${(wantedChannels ?? 1) === 1 ? `[${first}, ${rows}, ${columns}]` : colour}${wanted === undefined ? ', N > 0' : ''}, for ${use}`,
        'Give each input as its rows and columns of pixels, with channels as their last or first axis.',
      )
    }
    const { layout, channels } = found
    if (reader.dtype !== 'float32') {
      throw unsuitable(
        `values of type ${reader.dtype} in ${path}`,
        'float32 in [-1, 1]',
        "Scale grey values by 2 * v / 255 - 1 and save array.astype('<f4').",
      )
    }
    const slice = async (first: number, length: number) => {
      const { data } = await reader.rows(first, length)
      return data instanceof Float32Array ? toRowsFirst(data, layout, found) : new Float32Array()
    }
    const atOnce = batchOfInputs(batch, rows * columns * channels)
    for (let first = 0; first < count; first += atOnce) {
      requirePixels(await slice(first, Math.min(atOnce, count - first)), first, found, path)
    }
    return { count, channels, slice, close: () => reader.close() }
  } catch (error) {
    await reader.close()
    throw error
  }
}

function requirePixels(
  values: Float32Array,
  first: number,
  { rows, columns, channels }: Omit<InputFrame, 'count'>,
  path: string,
): void {
  const length = rows * columns * channels
  const index = values.findIndex((value) => !(value >= -1 && value <= 1))
  if (index < 0) return
  throw new HeatproofError('bad_values', {
    found: `${values[index] ?? ''} at pixel ${Math.floor((index % length) / channels)} of input ${first + Math.floor(index / length)} in ${path}`,
    expected: 'finite pixels from -1 (black) to 1 (white)',
    advice: 'Scale grey values by 2 * v / 255 - 1.',
  })
}

function unsuitable(found: string, expected: string, advice: string): HeatproofError {
  return new HeatproofError('bad_file', { found, expected, advice })
}
