import { HeatproofError } from '../../../shared/errors.ts'
import { badFile } from '../bad-input.ts'
import { npyWholeNumbers } from '../npy.ts'
import type { NpyReader } from '../npy-reader.ts'

/**
 * Some rows of an array as finite float32.
 *
 * @throws HeatproofError `bad_values`, with the row
 */
export async function floatRows(
  reader: NpyReader,
  source: string,
  first: number,
  count: number,
): Promise<Float32Array> {
  const { data } = await reader.rows(first, count)
  const floats = data instanceof Float32Array ? data : Float32Array.from(data, Number)
  const wrong = floats.findIndex((value) => !Number.isFinite(value))
  if (wrong < 0) return floats
  const length = floats.length / count
  throw new HeatproofError('bad_values', {
    found: `${String(floats[wrong])} in row ${first + Math.floor(wrong / length)} of ${source}, at value ${wrong % length} of it`,
    expected: 'finite numbers within float32',
    advice: 'Compute this row again, or leave its sample out of every array.',
  })
}

/**
 * A whole array of one number a sample: labels, predictions, explained classes.
 *
 * @throws HeatproofError `bad_file` (shape), `bad_values` (no class from 0 to 9,999), with the row
 */
export async function classRows(reader: NpyReader, source: string, count: number): Promise<number[]> {
  const { shape } = reader
  const isColumn = shape.length === 1 || (shape.length === 2 && shape[1] === 1)
  if (!isColumn || shape[0] !== count) {
    throw badFile({
      source,
      found: `an array of shape [${shape.join(', ')}]`,
      expected: `[${count}], the number of a class for each input`,
      advice: 'Save one whole number for each input; of scores for each class, save them as logits.',
    })
  }
  const classes = npyWholeNumbers(await reader.rows(0, count), source)
  const wrong = classes.findIndex((value) => value < 0 || value > 9999)
  if (wrong < 0) return classes
  throw new HeatproofError('bad_values', {
    found: `${classes[wrong] ?? ''} in row ${wrong} of ${source}`,
    expected: 'the number of a class, from 0 to 9999',
    advice: 'Number the classes from 0 on.',
  })
}

/** Marks [N, n] of 0 and 1. @throws HeatproofError `bad_file`, `bad_values`, with the row */
export async function markRows(reader: NpyReader, source: string, count: number): Promise<number[][]> {
  const [found = 0, width = 0] = reader.shape
  if (reader.shape.length !== 2 || found !== count || width === 0 || width > 255) {
    throw badFile({
      source,
      found: `marks of shape [${reader.shape.join(', ')}]`,
      expected: `[${count}, n]: one row an input, one mark a region`,
    })
  }
  const values = npyWholeNumbers(await reader.rows(0, count), source)
  const wrong = values.findIndex((value) => value !== 0 && value !== 1)
  if (wrong >= 0) {
    throw new HeatproofError('bad_values', {
      found: `the mark ${values[wrong] ?? ''} of region ${wrong % width} in row ${Math.floor(wrong / width)} of ${source}`,
      expected: '0 or 1',
      advice: 'Mark the regions that hold evidence with 1, all others with 0.',
    })
  }
  return Array.from({ length: count }, (_, row) => values.slice(row * width, (row + 1) * width))
}
