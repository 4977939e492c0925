import { badFile, requireFinite } from '../bad-input.ts'
import { requireConfined } from '../confined-path.ts'
import { copyOf } from '../bytes.ts'
import type { TensorMessage } from './onnx-messages.ts'

/** A constant of a graph in row-major order. */
export type OnnxTensor =
  | { readonly kind: 'float'; readonly shape: readonly number[]; readonly data: Float32Array }
  /** Whole numbers: shapes, axes, indices. Exact up to 2^53; the largest int64, which means 'to the end', is 2^63. */
  | { readonly kind: 'whole'; readonly shape: readonly number[]; readonly data: Float64Array }

/** Gives the bytes of a file beside the model; undefined when there is none. */
export type ReadBeside = (location: string) => Uint8Array | undefined

const [FLOAT, INT32, INT64, DOUBLE] = [1, 6, 7, 11] as const
const BYTES: Readonly<Record<number, number>> = { [FLOAT]: 4, [INT32]: 4, [INT64]: 8, [DOUBLE]: 8 }

/**
 * Reads a tensor's values, wherever the file keeps them.
 *
 * @param readBeside asked for files that the model names, always inside its own folder
 * @param source names the tensor and its file, for messages
 * @throws HeatproofError `bad_file`, `bad_values` (NaN or infinity)
 */
export function readTensor(message: TensorMessage, readBeside: ReadBeside, source: string): OnnxTensor {
  const { type, shape } = message
  const width = BYTES[type]
  if (width === undefined) {
    throw badFile({
      source,
      found: `the data type ${type}`,
      expected: 'float (1), double (11), int32 (6) or int64 (7)',
      advice: 'Export the network in float32, not quantised.',
    })
  }
  const length = shape.reduce((product, size) => product * size, 1)
  if (!shape.every((size) => size >= 0) || !Number.isSafeInteger(length)) {
    throw badFile({ source, found: `the shape [${shape.join(', ')}]`, expected: 'sizes of 0 or more' })
  }
  const values = valuesOf(message, readBeside, { length, width, source })
  if (type === INT32 || type === INT64) return { kind: 'whole', shape, data: Float64Array.from(values) }
  const data = Float32Array.from(values)
  requireFinite(data, 'the tensor', source)
  return { kind: 'float', shape, data }
}

interface Claim {
  /** Values that the shape claims. */
  readonly length: number
  /** Bytes of one value. */
  readonly width: number
  readonly source: string
}

/** The values, whose number is held to the claim before anything of that size is made. */
function valuesOf(message: TensorMessage, readBeside: ReadBeside, claim: Claim): ArrayLike<number> {
  const bytes = message.isExternal ? externalBytes(message, readBeside, claim) : message.raw
  if (bytes !== undefined) {
    requireLength(bytes.length, claim.length * claim.width, 'bytes of data', message, claim)
    return rawValues(message.type, bytes)
  }
  const { type, floats, doubles, wholes } = message
  const values = type === FLOAT ? floats : type === DOUBLE ? doubles : wholes
  requireLength(values.length, claim.length, 'values', message, claim)
  return values
}

function externalBytes({ external }: TensorMessage, readBeside: ReadBeside, claim: Claim): Uint8Array {
  const { source } = claim
  const location = external.get('location') ?? ''
  requireConfined(location, source)
  const file = readBeside(location)
  if (file === undefined) {
    throw badFile({
      source,
      found: `data in the file '${location}', which is missing`,
      expected: 'it beside the model',
      advice: 'Put both files into one folder, or export the network as one file.',
    })
  }
  const begin = wholeNumber(external.get('offset') ?? '0', 'offset', source)
  const length = wholeNumber(external.get('length') ?? String(file.length - begin), 'length', source)
  return file.subarray(begin, begin + length)
}

function wholeNumber(text: string, what: string, source: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw badFile({ source, found: `the ${what} '${text}' of external data`, expected: 'a whole number' })
}

function requireLength(
  found: number,
  expected: number,
  unit: string,
  { shape }: TensorMessage,
  { source }: Claim,
): void {
  if (found === expected) return
  throw badFile({
    source,
    found: `${found} ${unit}`,
    expected: `${expected} for the shape [${shape.join(', ')}]`,
  })
}

function rawValues(type: number, bytes: Uint8Array): ArrayLike<number> {
  const aligned = copyOf(bytes, 0, bytes.length)
  if (type === FLOAT) return new Float32Array(aligned)
  if (type === DOUBLE) return new Float64Array(aligned)
  if (type === INT32) return new Int32Array(aligned)
  return Array.from(new BigInt64Array(aligned), Number)
}
