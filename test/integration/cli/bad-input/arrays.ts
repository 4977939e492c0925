import { npyHeader } from '../../../../src/engine/exchange/npy-header.ts'
import { writeNpy, type NpyArray } from '../../../../src/engine/exchange/npy.ts'
import { writeModel } from '../../../../src/engine/models/model.ts'
import { readVector } from '../../../oracle/vectors.ts'
import type { Place } from './place.ts'
import type { BadInput } from './refusal.ts'

const { model, images, targets } = readVector('deep')
const { rows, columns } = model
const COUNT = targets.length

/** A sound model of toy size and sound inputs for it. */
export const MODEL = writeModel(model)
export const INPUTS = floats([COUNT, rows, columns], images)

function floats(shape: number[], data: Float32Array): Uint8Array {
  return writeNpy({ dtype: 'float32', shape, data })
}

/** The inputs with one pixel changed. */
function withPixel(index: number, value: number): Uint8Array {
  return floats([COUNT, rows, columns], images.with(index, value))
}

/** A .npy file with the given text as its header, and the data of the sound inputs. */
function withHeader(text: string): Uint8Array {
  const length = Buffer.from(Uint16Array.of(text.length).buffer)
  const data = INPUTS.subarray(npyHeader('float32', [COUNT, rows, columns]).length)
  return Buffer.concat([INPUTS.subarray(0, 8), length, Buffer.from(text, 'latin1'), data])
}

const dictionary = (descr: string, order = 'False') =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': (${COUNT}, ${rows}, ${columns}), }\n`

/** The command line of `heatproof maps` on a sound model and inputs but for what is given. */
export function mapsOf(
  place: Place,
  {
    weights = MODEL,
    inputs = INPUTS,
    methods = 'sa',
  }: { weights?: Uint8Array; inputs?: Uint8Array; methods?: string } = {},
): string[] {
  const files = ['--model', place.put('deep.safetensors', weights), '--input', place.put('X.npy', inputs)]
  return ['maps', ...files, '--methods', methods, '--out', place.path('maps'), '--backend', 'wasm']
}

const FORMAT = 'a NumPy .npy file of format version 1 to 3'
const FRESH = 'make it again or get a fresh copy'

type Row = [name: string, inputs: () => Uint8Array, found: string | RegExp, expected: string, advice: string]

const ROWS: readonly Row[] = [
  ['empty', () => new Uint8Array(), '0 bytes without a complete .npy start', FORMAT, FRESH],
  [
    'of text',
    () => Buffer.from('0.5,0.25\n'),
    /9 bytes without a complete .npy start in .*X\.npy/,
    FORMAT,
    FRESH,
  ],
  ['cut off in its header', () => INPUTS.subarray(0, 40), '40 bytes', 'a header of 128 bytes', FRESH],
  [
    'cut off in its data',
    () => INPUTS.subarray(0, 200),
    '72 bytes of data',
    `for float32 of shape [${COUNT}, `,
    FRESH,
  ],
  [
    'with bytes after its data',
    () => Buffer.concat([INPUTS, Buffer.of(0)]),
    'bytes of data',
    'for float32 of shape',
    FRESH,
  ],
  ['of a later format version', () => INPUTS.with(6, 9), 'format version 9.0', FORMAT, FRESH],
  [
    'with a header that is no dictionary',
    () => withHeader('descr = <f4\n'),
    'the header "descr = <f4"',
    "'descr'",
    FRESH,
  ],
  [
    'in Fortran order',
    () => withHeader(dictionary("'<f4'", 'True')),
    'Fortran order',
    'C order',
    'ascontiguousarray',
  ],
  ['of pickled objects', () => withHeader(dictionary("'|O'")), "type '|O'", 'float32', "astype('<f4')"],
  ['of fields', () => withHeader(dictionary("[('a', '<f4')]")), 'the header', 'one simple type', FRESH],
  [
    'in big-endian order',
    () => withHeader(dictionary("'>f4'")),
    "type '>f4'",
    'little-endian',
    "astype('<f4')",
  ],
  ['of half precision', () => withHeader(dictionary("'<f2'")), "type '<f2'", 'float32', "astype('<f4')"],
  [
    'of another type',
    () => writeNpy({ dtype: 'float64', shape: [COUNT, rows, columns], data: Float64Array.from(images) }),
    'values of type float64',
    'float32 in [-1, 1]',
    "astype('<f4')",
  ],
  [
    'of grey values',
    () => writeNpy({ dtype: 'uint8', shape: [COUNT, rows, columns], data: new Uint8Array(images.length) }),
    'values of type uint8',
    'float32 in [-1, 1]',
    '2 * v / 255 - 1',
  ],
  [
    'of another size',
    () => floats([COUNT, rows, columns - 1], images.subarray(COUNT * rows)),
    `shape [${COUNT}, ${rows}, ${columns - 1}]`,
    `shape [N, ${rows}, ${columns}], N > 0, for the model toy-deep`,
    'rows and columns',
  ],
  [
    'of flat pixels',
    () => floats([COUNT, rows * columns], images),
    `shape [${COUNT}, ${rows * columns}]`,
    `[N, ${rows}, ${columns}]`,
    'rows and columns',
  ],
  [
    'without inputs',
    () => floats([0, rows, columns], new Float32Array()),
    `shape [0, ${rows}, `,
    'N > 0',
    'each input',
  ],
  [
    'with NaN',
    () => withPixel(rows * columns + 3, NaN),
    'NaN at pixel 3 of input 1 in ',
    'finite pixels',
    '2 * v / 255 - 1',
  ],
  [
    'with infinity',
    () => withPixel(2, -Infinity),
    '-Infinity at pixel 2 of input 0 in ',
    'finite pixels',
    'Scale',
  ],
  [
    'with a pixel above 1',
    () => withPixel(5, 1.5),
    '1.5 at pixel 5 of input 0',
    'from -1 (black) to 1 (white)',
    'Scale',
  ],
  [
    'with a pixel below -1',
    () => withPixel(0, -2),
    '-2 at pixel 0 of input 0',
    'from -1 (black) to 1 (white)',
    'Scale',
  ],
]

export const ARRAYS: readonly BadInput[] = [
  ...ROWS.map(([name, inputs, found, expected, advice], index): BadInput => {
    const args = (place: Place) => mapsOf(place, { inputs: inputs() })
    const json = index % 7 === 3 ? { json: true as const } : {}
    return { name: `an array ${name}`, args, exit: 2, found, expected, advice, ...json }
  }),
  {
    name: 'an array that is a folder',
    args: (place) => [...mapsOf(place), '--input', place.folder],
    exit: 2,
    found: 'no readable file',
    expected: 'a NumPy .npy file',
    advice: 'Check the path',
  },
  {
    name: 'an array that is missing',
    args: (place) => [...mapsOf(place), '--input', place.path('none.npy')],
    exit: 2,
    found: /no readable file .*none\.npy/,
    expected: 'a NumPy .npy file',
    advice: 'Check the path',
  },
]

/** A .npy file of whole numbers. */
export function wholeNumbers(shape: number[], values: readonly number[]): Uint8Array {
  const array: NpyArray = { dtype: 'int32', shape, data: Int32Array.from(values) }
  return writeNpy(array)
}
