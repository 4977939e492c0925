import { readFile } from 'node:fs/promises'
import { HeatproofError } from '../../shared/errors.ts'
import { writeFileAtomically } from './atomic-file.ts'
import { badFile, requireFinite } from './bad-input.ts'
import { copyOf } from './bytes.ts'
import { npyHeader, readNpyHeader, type NpyDtype } from './npy-header.ts'

/** The array type that holds each dtype; `bool` is 0 or 1 a byte. */
interface NpyData {
  float32: Float32Array
  float64: Float64Array
  uint8: Uint8Array
  bool: Uint8Array
  int32: Int32Array
  int64: BigInt64Array
}

/** An array in row-major order; `data.length` is the product of `shape` (1 for the shape []). */
export type NpyArray = {
  [Dtype in NpyDtype]: { dtype: Dtype; shape: number[]; data: NpyData[Dtype] }
}[NpyDtype]

/**
 * Reads a NumPy .npy file: format versions 1 to 3, little-endian, C order, dtypes float32, float64, uint8, bool, int32
 * and int64. Values are taken as they are, NaN included; {@link npyFloats} refuses those.
 *
 * @param bytes the whole file
 * @param source the file's name, for messages
 * @throws HeatproofError `bad_file`, `bad_values` (a bool that is neither 0 nor 1)
 */
export function readNpy(bytes: Uint8Array, source: string): NpyArray {
  const { dtype, shape, itemBytes, dataStart } = readNpyHeader(bytes, source)
  const expected = elementCount(shape) * itemBytes
  const found = bytes.length - dataStart
  if (found !== expected) {
    throw badFile({
      source,
      found: `${found} bytes of data`,
      expected: `${expected} for ${dtype} of shape [${shape.join(', ')}]`,
    })
  }
  const buffer = copyOf(bytes, dataStart, bytes.length)
  switch (dtype) {
    case 'float32':
      return { dtype, shape, data: new Float32Array(buffer) }
    case 'float64':
      return { dtype, shape, data: new Float64Array(buffer) }
    case 'int32':
      return { dtype, shape, data: new Int32Array(buffer) }
    case 'int64':
      return { dtype, shape, data: new BigInt64Array(buffer) }
    case 'uint8':
      return { dtype, shape, data: new Uint8Array(buffer) }
    case 'bool':
      return { dtype, shape, data: requireBooleans(new Uint8Array(buffer), source) }
  }
}

/**
 * Reads a .npy file from the disk, as {@link readNpy}.
 *
 * @throws HeatproofError also `not_found`
 */
export async function readNpyFile(path: string): Promise<NpyArray> {
  let bytes: Uint8Array
  try {
    bytes = await readFile(path)
  } catch (cause) {
    throw notReadable(path, cause)
  }
  return readNpy(bytes, path)
}

/** The error for a .npy file that cannot be read from the disk. */
export function notReadable(path: string, cause: unknown): HeatproofError {
  return new HeatproofError('not_found', {
    found: `no readable file ${path}`,
    expected: 'a NumPy .npy file',
    advice: 'Check the path and its permissions.',
    cause,
  })
}

/**
 * Writes a .npy file of format version 1.0, as NumPy does.
 *
 * @throws HeatproofError `bad_file` where the shape does not fit the data
 */
export function writeNpy({ dtype, shape, data }: NpyArray): Uint8Array {
  if (elementCount(shape) !== data.length) {
    throw badFile({
      source: 'an array to be written',
      found: `${data.length} values of shape [${shape.join(', ')}]`,
      expected: `${elementCount(shape)} values`,
      advice: 'Give the array the shape of its data.',
    })
  }
  const header = npyHeader(dtype, shape)
  const file = new Uint8Array(header.length + data.byteLength)
  file.set(header)
  file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length)
  return file
}

/** Writes a .npy file as a whole or not at all. @throws HeatproofError also `cannot_write` */
export async function writeNpyFile(path: string, array: NpyArray): Promise<void> {
  await writeFileAtomically(path, writeNpy(array))
}

/**
 * The values of an array as finite float32; float64 and whole numbers are rounded to the nearest float32.
 *
 * @throws HeatproofError `bad_values` at the first NaN, infinity or number beyond float32
 */
export function npyFloats(array: NpyArray, source: string): Float32Array {
  const { data } = array
  const floats = data instanceof Float32Array ? data : Float32Array.from(data, Number)
  requireFinite(floats, 'the array', source)
  return floats
}

/**
 * The values of an array as whole numbers, e.g. labels or marks; floats are taken where they are whole.
 *
 * @throws HeatproofError `bad_values` at the first value that is no whole number within ±2^53
 */
export function npyWholeNumbers(array: NpyArray, source: string): number[] {
  const numbers = Array.from(array.data, Number)
  const index = numbers.findIndex((value) => !Number.isSafeInteger(value))
  if (index < 0) return numbers
  throw new HeatproofError('bad_values', {
    found: `${numbers[index] ?? ''} at index ${index} in ${source}`,
    expected: 'whole numbers',
    advice: 'Make the file again from whole numbers.',
  })
}

function requireBooleans(data: Uint8Array, source: string): Uint8Array {
  const index = data.findIndex((value) => value > 1)
  if (index < 0) return data
  throw new HeatproofError('bad_values', {
    found: `byte ${data[index] ?? ''} at index ${index} of a bool array in ${source}`,
    expected: '0 or 1',
    advice: 'The file is damaged: make it again.',
  })
}

function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}
