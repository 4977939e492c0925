import { readSafetensors, type NamedTensor } from '../../../../src/engine/exchange/safetensors.ts'
import { INPUTS, mapsOf, MODEL } from './arrays.ts'
import type { BadInput } from './refusal.ts'

const HEADER_LENGTH = Number(Buffer.from(MODEL).readBigUInt64LE())
const DATA = MODEL.subarray(8 + HEADER_LENGTH)

interface Entry {
  dtype: string
  shape: number[]
  data_offsets: [number, number]
}
type Header = Record<string, Entry> & { __metadata__: Record<string, string> }

function file(header: string, data: Uint8Array = DATA): Uint8Array {
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(header)))
  return Buffer.concat([length, Buffer.from(header), data])
}

/** The sound weights with another header. */
function withHeader(change: (header: Header) => void, data?: Uint8Array): Uint8Array {
  const header = JSON.parse(Buffer.from(MODEL).toString('utf8', 8, 8 + HEADER_LENGTH)) as Header
  change(header)
  return file(JSON.stringify(header), data)
}

function entry(header: Header, name: string): Entry {
  const found = header[name]
  if (found === undefined) throw new Error(`no tensor ${name}`)
  return found
}

const metadata = (change: Readonly<Record<string, string | undefined>>) => (): Uint8Array =>
  withHeader((header) => Object.assign(header.__metadata__, change))

/** The sound weights with some tensors others, removed or added, in a file that is sound itself. */
function withTensors(change: (tensors: Map<string, NamedTensor>) => void): Uint8Array {
  const { tensors, metadata: texts } = readSafetensors(MODEL, 'the sound model')
  change(tensors)
  let end = 0
  const fields = [...tensors].map(([name, { shape, data }]) => {
    const begin = end
    end += data.byteLength
    return [name, { dtype: 'F32', shape, data_offsets: [begin, end] }] as const
  })
  const bytes = [...tensors.values()].map(({ data }) =>
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  )
  return file(JSON.stringify(Object.fromEntries([['__metadata__', texts], ...fields])), Buffer.concat(bytes))
}

function withValue(value: number): Uint8Array {
  return withTensors((tensors) => tensors.get('hidden.weight')?.data.fill(value, 7, 8))
}

const FORMAT = 'a safetensors file'
const FRESH = 'make it again or get a fresh copy'
const TOGETHER = 'Check that the weights and the architecture belong together.'

type Row = [name: string, weights: () => Uint8Array, found: string | RegExp, expected: string, advice: string]

const ROWS: readonly Row[] = [
  ['empty', () => new Uint8Array(), '0 bytes', FORMAT, FRESH],
  ['that are an array', () => INPUTS, 'a header length of', FORMAT, FRESH],
  [
    'cut off in their header',
    () => MODEL.subarray(0, 60),
    /a header length of \d+ bytes with 52 bytes/,
    FORMAT,
    FRESH,
  ],
  ['cut off in their data', () => MODEL.subarray(0, -8), 'bytes of data', 'by the header', FRESH],
  [
    'with bytes after their data',
    () => Buffer.concat([MODEL, Buffer.alloc(4)]),
    'bytes of data',
    'by the header',
    FRESH,
  ],
  [
    'with a header of endless length',
    () => Buffer.concat([Buffer.alloc(8, 0xff), MODEL.subarray(8)]),
    'a header length of 18446744073709551615',
    FORMAT,
    FRESH,
  ],
  ['with a header that is no JSON', () => file('{"hidden.weight": '), 'not valid JSON', FORMAT, FRESH],
  ['with a header that is no text', () => MODEL.with(9, 0xff), 'not valid JSON', FORMAT, FRESH],
  ['with a header that is a list', () => file('[]'), 'no JSON object', FORMAT, FRESH],
  [
    'with tensors that overlap',
    () =>
      withHeader(
        (header) =>
          (entry(header, 'logits.weight').data_offsets = [
            0,
            4 * entry(header, 'logits.weight').shape.reduce((a, b) => a * b),
          ]),
      ),
    /tensor '.*' from byte 0 of the data|tensor '.*' from byte/,
    'no overlap, no hole',
    FRESH,
  ],
  [
    'with a tensor outside of the data',
    () =>
      withHeader(
        (header) =>
          (entry(header, 'state.weight').data_offsets = [
            1e9,
            1e9 + 4 * entry(header, 'state.weight').shape.reduce((a, b) => a * b),
          ]),
      ),
    "tensor 'state.weight' from byte 1000000000",
    'no overlap, no hole',
    FRESH,
  ],
  [
    'with offsets that do not fit a shape',
    () => withHeader((header) => (entry(header, 'state.weight').shape[0] = 1)),
    "tensor 'state.weight' with shape [1, ",
    'bytes for that shape',
    FRESH,
  ],
  [
    'of half precision',
    () => withHeader((header) => (entry(header, 'state.weight').dtype = 'F16')),
    'tensor \'state.weight\' with dtype "F16"',
    'F32',
    'float32',
  ],
  [
    'with NaN',
    () => withValue(NaN),
    "NaN at index 7 of tensor 'hidden.weight' in ",
    'finite numbers',
    'without NaN',
  ],
  [
    'with infinity',
    () => withValue(Infinity),
    "Infinity at index 7 of tensor 'hidden.weight'",
    'finite',
    'without NaN',
  ],
  [
    'without a tensor',
    () => withTensors((tensors) => tensors.delete('state.weight')),
    "no tensor 'state.weight' in the model toy-deep",
    'architecture deep',
    TOGETHER,
  ],
  [
    'with a tensor of another shape',
    () => withTensors((tensors) => tensors.set('state.weight', { shape: [2, 3], data: new Float32Array(6) })),
    /the tensor '[a-z.0-9]+' of shape \[[\d, ]+\] in the model toy-deep/,
    'the shape [',
    TOGETHER,
  ],
  [
    'with a tensor of nobody',
    () => withTensors((tensors) => tensors.set('extra', { shape: [1], data: new Float32Array(1) })),
    "a tensor 'extra'",
    'only in1.weight',
    TOGETHER,
  ],
  [
    'of an unknown architecture',
    metadata({ architecture: 'transformer' }),
    "architecture 'transformer'",
    'one of shallow, deep',
    TOGETHER,
  ],
  [
    'without an architecture',
    metadata({ architecture: undefined }),
    "architecture ''",
    'one of shallow',
    TOGETHER,
  ],
  [
    'without a name',
    metadata({ name: undefined }),
    "no 'name' in the metadata",
    'name, architecture, steps',
    TOGETHER,
  ],
  [
    'with a size that is no number',
    metadata({ rows: '1e3' }),
    "'rows' of '1e3'",
    'a positive whole number',
    TOGETHER,
  ],
  [
    'with steps that do not divide',
    metadata({ steps: '1000' }),
    '1000 steps for',
    'steps that divide the columns',
    TOGETHER,
  ],
]

export const WEIGHTS: readonly BadInput[] = [
  ...ROWS.map(([name, weights, found, expected, advice], index): BadInput => {
    const json = index % 8 === 0 ? { json: true as const } : {}
    return {
      name: `weights ${name}`,
      args: (place) => mapsOf(place, { weights: weights() }),
      exit: 2,
      found,
      expected,
      advice,
      ...json,
    }
  }),
  {
    name: 'weights that are missing',
    args: (place) => [...mapsOf(place), '--model', place.path('none.safetensors')],
    exit: 2,
    found: /no readable file .*none\.safetensors/,
    expected: 'the model, a .safetensors file',
    advice: 'Check the path',
  },
]
