import type { HeatproofError } from '../../shared/errors.ts'
import { badFile, requireFinite } from './bad-input.ts'
import { copyOf } from './bytes.ts'

/** A float32 tensor in row-major order; `data.length` is the product of `shape`. */
export interface NamedTensor {
  shape: number[]
  data: Float32Array
}

export interface SafetensorsFile {
  tensors: Map<string, NamedTensor>
  metadata: Record<string, string>
}

interface TensorEntry {
  name: string
  shape: number[]
  begin: number
  end: number
}

const LENGTH_BYTES = 8
const LARGEST_HEADER = 100_000_000
const METADATA = '__metadata__'
const OF_OTHER_PROGRAMS = /\.(onnx|keras|h5|hdf5)$/i
const FORMAT = 'a safetensors file: 8 bytes of header length, a JSON header, the data'

/**
 * Reads a safetensors file of float32 tensors.
 *
 * The data must be covered exactly: tensors neither overlap nor leave holes, and nothing follows the last one.
 *
 * @param bytes the whole file
 * @param source the file's name, for messages
 * @returns the tensors in the order of their bytes, and the metadata (empty when there is none)
 * @throws HeatproofError `bad_file` (not the format, damaged, another type than F32), `bad_values` (NaN or infinity)
 */
export function readSafetensors(bytes: Uint8Array, source: string): SafetensorsFile {
  const { header, dataStart } = readHeader(bytes, source)
  const metadata = readMetadata(header[METADATA], source)
  const entries = Object.entries(header)
    .filter(([name]) => name !== METADATA)
    .map(([name, value]) => readEntry(name, value, source))
    .sort((a, b) => a.begin - b.begin || a.end - b.end)
  requireExactCover(entries, bytes.length - dataStart, source)

  const tensors = new Map<string, NamedTensor>()
  for (const { name, shape, begin, end } of entries) {
    const data = new Float32Array(copyOf(bytes, dataStart + begin, dataStart + end))
    requireFinite(data, `tensor '${name}'`, source)
    tensors.set(name, { shape, data })
  }
  return { tensors, metadata }
}

/**
 * Writes float32 tensors as a safetensors file. The same content gives the same bytes: tensors and metadata are
 * sorted by name, and the header is padded with spaces to a multiple of 8 bytes.
 *
 * @throws HeatproofError `bad_file` (a shape that does not fit its data, a reserved name), `bad_values` (NaN or infinity)
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, NamedTensor>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const source = 'the weights to be written'
  const sorted = [...tensors].sort(([a], [b]) => compareNames(a, b))
  const fields = [jsonField(METADATA, sortedByName(metadata))]
  let end = 0
  for (const [name, { shape, data }] of sorted) {
    requireWritable(name, shape, data, source)
    const begin = end
    end += data.byteLength
    fields.push(jsonField(name, { dtype: 'F32', shape, data_offsets: [begin, end] }))
  }

  const json = new TextEncoder().encode(`{${fields.join(',')}}`)
  const headerLength = Math.ceil(json.length / 8) * 8
  const file = new Uint8Array(LENGTH_BYTES + headerLength + end)
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true)
  file.fill(0x20, LENGTH_BYTES, LENGTH_BYTES + headerLength)
  file.set(json, LENGTH_BYTES)
  let position = LENGTH_BYTES + headerLength
  for (const [, { data }] of sorted) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position)
    position += data.byteLength
  }
  return file
}

function readHeader(
  bytes: Uint8Array,
  source: string,
): { header: Record<string, unknown>; dataStart: number } {
  if (bytes.length < LENGTH_BYTES) {
    throw badFile({ source, found: `${bytes.length} bytes`, expected: FORMAT })
  }
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true)
  const available = bytes.length - LENGTH_BYTES
  if (headerLength < 2n || headerLength > BigInt(Math.min(available, LARGEST_HEADER))) {
    if (OF_OTHER_PROGRAMS.test(source)) throw ofAnotherProgram(source)
    throw badFile({
      source,
      found: `a header length of ${headerLength.toString()} bytes with ${available} bytes following`,
      expected: FORMAT,
    })
  }
  const dataStart = LENGTH_BYTES + Number(headerLength)
  const header = parseJson(bytes.subarray(LENGTH_BYTES, dataStart), source)
  if (!isRecord(header)) throw badFile({ source, found: 'a header that is no JSON object', expected: FORMAT })
  return { header, dataStart }
}

function ofAnotherProgram(source: string): HeatproofError {
  return badFile({
    source,
    found: 'a network of another program',
    expected: 'a safetensors file that Heatproof wrote',
    advice: 'Take it in with heatproof models --import, then write it with --export.',
  })
}

function parseJson(bytes: Uint8Array, source: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw badFile({ source, found: 'a header that is not valid JSON', expected: FORMAT, cause })
  }
}

function readMetadata(value: unknown, source: string): Record<string, string> {
  if (value === undefined) return {}
  const pairs = isRecord(value) ? Object.entries(value) : [['', undefined] as const]
  return Object.fromEntries(
    pairs.map(([key, text]) => {
      if (typeof text === 'string') return [key, text]
      const found = `${METADATA} with ${JSON.stringify(isRecord(value) ? { [key]: text } : value)}`
      throw badFile({ source, found, expected: 'metadata of text values only' })
    }),
  )
}

function readEntry(name: string, value: unknown, source: string): TensorEntry {
  const complain = (found: string, expected: string, advice?: string) =>
    badFile({ source, found: `tensor '${name}' with ${found}`, expected, ...(advice && { advice }) })

  if (!isRecord(value)) throw complain('no description', 'dtype, shape and data_offsets')
  const { dtype, shape, data_offsets: offsets } = value
  if (dtype !== 'F32') {
    throw complain(`dtype ${printed(dtype)}`, 'F32', 'Convert the weights to float32.')
  }
  if (!isSizes(shape)) throw complain(`shape ${printed(shape)}`, 'a list of whole numbers')
  if (!isSizes(offsets) || offsets.length !== 2) {
    throw complain(`data_offsets ${printed(offsets)}`, 'two whole numbers')
  }
  const [begin = 0, end = 0] = offsets
  const size = 4 * elementCount(shape)
  if (end - begin !== size) {
    throw complain(
      `shape [${shape.join(', ')}] and data_offsets [${begin}, ${end}]`,
      `${size} bytes for that shape`,
    )
  }
  return { name, shape, begin, end }
}

function requireExactCover(entries: readonly TensorEntry[], dataLength: number, source: string): void {
  let covered = 0
  for (const { name, begin, end } of entries) {
    if (begin !== covered) {
      const found = `tensor '${name}' from byte ${begin} of the data`
      throw badFile({ source, found, expected: `it from byte ${covered}: no overlap, no hole` })
    }
    covered = end
  }
  if (covered !== dataLength) {
    throw badFile({ source, found: `${dataLength} bytes of data`, expected: `${covered} by the header` })
  }
}

function requireWritable(name: string, shape: readonly number[], data: Float32Array, source: string): void {
  if (name === METADATA || !isSizes(shape) || elementCount(shape) !== data.length) {
    throw badFile({
      source,
      found: `tensor '${name}' of shape [${shape.join(', ')}] with ${data.length} values`,
      expected: `another name than ${METADATA} and as many values as the shape holds`,
      advice: 'Give every tensor the shape of its data.',
    })
  }
  requireFinite(data, `tensor '${name}'`, source)
}

function sortedByName(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => compareNames(a, b)))
}

/** Order by code units: the same on every machine, whatever its language. */
function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function jsonField(name: string, value: unknown): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`
}

function printed(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value)
}

function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
