import { badFile } from './bad-input.ts'

export type NpyDtype = 'float32' | 'float64' | 'uint8' | 'bool' | 'int32' | 'int64'

export interface NpyHeader {
  dtype: NpyDtype
  shape: number[]
  /** Bytes of one value. */
  itemBytes: number
  /** Where the data begins. */
  dataStart: number
}

/** NumPy's `descr` of each dtype: byte order, kind, bytes. */
const DESCRIPTIONS: Readonly<Record<NpyDtype, string>> = {
  float32: '<f4',
  float64: '<f8',
  uint8: '|u1',
  bool: '|b1',
  int32: '<i4',
  int64: '<i8',
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
const ALIGNMENT = 64
const FORMAT = 'a NumPy .npy file of format version 1 to 3'
const FIELD = /\s*'(descr|fortran_order|shape)'\s*:\s*('[^']*'|True|False|\([\s\dL,]*\))\s*(,|$)/y

/** Reads and checks the header of a .npy file. @throws HeatproofError `bad_file` */
export function readNpyHeader(bytes: Uint8Array, source: string): NpyHeader {
  const { text, dataStart } = headerText(bytes, source)
  const { descr = '', fortran_order: order, shape = '' } = headerFields(text, source)
  const dtype = dtypeOf(descr.slice(1, -1), source)
  if (order === 'True') {
    throw badFile({
      source,
      found: 'an array in Fortran order',
      expected: 'C order (row-major)',
      advice: 'Save it with numpy.save(path, numpy.ascontiguousarray(array)).',
    })
  }
  const itemBytes = Number(DESCRIPTIONS[dtype].slice(2))
  return { dtype, shape: shapeOf(shape, text, source), itemBytes, dataStart }
}

/** The bytes before the data of a C-order array: magic, version 1.0, header padded to 64 bytes. */
export function npyHeader(dtype: NpyDtype, shape: readonly number[]): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0] ?? 0},` : shape.join(', ')
  const dictionary = `{'descr': '${DESCRIPTIONS[dtype]}', 'fortran_order': False, 'shape': (${sizes}), }`
  const length = Math.ceil((10 + dictionary.length + 1) / ALIGNMENT) * ALIGNMENT
  const text = dictionary.padEnd(length - 11) + '\n'
  const header = new Uint8Array(length)
  header.set([...MAGIC, 1, 0])
  new DataView(header.buffer).setUint16(8, text.length, true)
  header.set(new TextEncoder().encode(text), 10)
  return header
}

function headerText(bytes: Uint8Array, source: string): { text: string; dataStart: number } {
  const version = bytes[6] ?? 0
  const lengthBytes = version === 1 ? 2 : 4
  const textStart = 8 + lengthBytes
  if (MAGIC.some((byte, index) => bytes[index] !== byte) || bytes.length < textStart) {
    throw badFile({ source, found: `${bytes.length} bytes without a complete .npy start`, expected: FORMAT })
  }
  if (version < 1 || version > 3 || bytes[7] !== 0) {
    throw badFile({ source, found: `format version ${version}.${bytes[7] ?? 0}`, expected: FORMAT })
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const length = lengthBytes === 2 ? view.getUint16(8, true) : view.getUint32(8, true)
  const dataStart = textStart + length
  if (dataStart > bytes.length) {
    throw badFile({ source, found: `${bytes.length} bytes`, expected: `a header of ${dataStart} bytes` })
  }
  return { text: new TextDecoder('latin1').decode(bytes.subarray(textStart, dataStart)).trim(), dataStart }
}

/** The three fields of the header's Python dictionary, as they are written. */
function headerFields(text: string, source: string): Record<string, string | undefined> {
  const fields: Record<string, string> = {}
  const body = /^\{(.*)\}$/s.exec(text)?.[1]?.trim() ?? ''
  FIELD.lastIndex = 0
  let end = 0
  for (let match = FIELD.exec(body); match; match = FIELD.exec(body)) {
    const [, name = '', value = ''] = match
    if (name in fields) break
    fields[name] = value
    end = FIELD.lastIndex
    if (end === body.length) break
  }
  const complete =
    end === body.length &&
    fields.descr?.startsWith("'") &&
    ['True', 'False'].includes(fields.fortran_order ?? '') &&
    fields.shape?.startsWith('(')
  if (complete) return fields
  throw badFile({
    source,
    found: `the header ${JSON.stringify(text.slice(0, 200))}`,
    expected: "a dictionary of 'descr' (one simple type), 'fortran_order' and 'shape'",
  })
}

function dtypeOf(descr: string, source: string): NpyDtype {
  const oneByte = /^[<>=|]?([ub]1)$/.exec(descr)?.[1]
  const wanted = oneByte ? `|${oneByte}` : descr
  for (const dtype of ['float32', 'float64', 'uint8', 'bool', 'int32', 'int64'] as const) {
    if (DESCRIPTIONS[dtype] === wanted) return dtype
  }
  throw badFile({
    source,
    found: `values of type '${descr}'`,
    expected: 'float32, float64, uint8, bool, int32 or int64, little-endian',
    advice: "Convert it in NumPy, e.g. array.astype('<f4').",
  })
}

function shapeOf(written: string, text: string, source: string): number[] {
  const inner = written.slice(1, -1).trim()
  if (inner === '') return []
  const sizes = inner.split(',').map((size) => size.trim())
  if (sizes.at(-1) === '') sizes.pop()
  else if (sizes.length === 1) sizes.length = 0
  const shape = sizes.map((size) => (/^\d+L?$/.test(size) ? Number.parseInt(size, 10) : Number.NaN))
  if (shape.length > 0 && shape.every((size) => Number.isSafeInteger(size))) return shape
  throw badFile({
    source,
    found: `the header ${JSON.stringify(text.slice(0, 200))}`,
    expected: 'a shape of sizes',
  })
}
