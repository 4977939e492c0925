import { openNpyReader } from '../../engine/exchange/npy-reader.ts'
import { HeatproofError } from '../../shared/errors.ts'

/** What the inputs are for. */
export interface InputsShape {
  rows: number
  columns: number
  /** Number of inputs; default: any. */
  count?: number
  /** E.g. `the model deep-…`. */
  use: string
}

/** Inputs of a model in a file, all of them checked; only slices are held in memory. */
export interface ModelInputs {
  count: number
  /** Some inputs as [count, rows, columns]. */
  slice(first: number, count: number): Promise<Float32Array>
  close(): Promise<void>
}

/**
 * Opens a .npy file of inputs and reads it once from end to end.
 *
 * @param batch inputs that are read at a time
 * @throws HeatproofError `not_found`, `bad_file` (damaged; shape or type), `bad_values` (NaN, outside [-1, 1])
 */
export async function openModelInputs(
  path: string,
  { rows, columns, count: wanted, use }: InputsShape,
  batch: number,
): Promise<ModelInputs> {
  const reader = await openNpyReader(path)
  try {
    const [count = 0, ...size] = reader.shape
    if (size.join() !== [rows, columns].join() || count === 0 || count !== (wanted ?? count)) {
      throw unsuitable(
        `an array of shape [${reader.shape.join(', ')}] in ${path}`,
        `inputs of shape [${wanted ?? 'N'}, ${rows}, ${columns}]${wanted === undefined ? ', N > 0' : ''}, for ${use}`,
        'Give each input as its rows and columns of pixels.',
      )
    }
    if (reader.dtype !== 'float32') {
      throw unsuitable(
        `values of type ${reader.dtype} in ${path}`,
        'float32 in [-1, 1]',
        "Scale grey values by 2 * v / 255 - 1 and save array.astype('<f4').",
      )
    }
    const slice = async (first: number, length: number) => {
      const { data } = await reader.rows(first, length)
      return data instanceof Float32Array ? data : new Float32Array()
    }
    for (let first = 0; first < count; first += batch) {
      requirePixels(await slice(first, Math.min(batch, count - first)), first, rows * columns, path)
    }
    return { count, slice, close: () => reader.close() }
  } catch (error) {
    await reader.close()
    throw error
  }
}

function requirePixels(values: Float32Array, first: number, pixels: number, path: string): void {
  const index = values.findIndex((value) => !(value >= -1 && value <= 1))
  if (index < 0) return
  throw new HeatproofError('bad_values', {
    found: `${values[index] ?? ''} at pixel ${index % pixels} of input ${first + Math.floor(index / pixels)} in ${path}`,
    expected: 'finite pixels from -1 (black) to 1 (white)',
    advice: 'Scale grey values by 2 * v / 255 - 1.',
  })
}

function unsuitable(found: string, expected: string, advice: string): HeatproofError {
  return new HeatproofError('bad_file', { found, expected, advice })
}
