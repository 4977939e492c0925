import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  readSafetensors,
  writeSafetensors,
  type NamedTensor,
} from '../../../src/engine/exchange/safetensors.ts'
import { errorOf } from '../../support/errors.ts'

const SOURCE = 'weights.safetensors'

/** A file written out by hand, so that the reader is not tested against the writer alone. */
function fileOf(header: unknown, data: Uint8Array = new Uint8Array(0), declared?: bigint): Uint8Array {
  const text = typeof header === 'string' ? header : JSON.stringify(header)
  const json = new TextEncoder().encode(text)
  const file = new Uint8Array(8 + json.length + data.length)
  new DataView(file.buffer).setBigUint64(0, declared ?? BigInt(json.length), true)
  file.set(json, 8)
  file.set(data, 8 + json.length)
  return file
}

function floats(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length)
  values.forEach((value, index) => new DataView(bytes.buffer).setFloat32(4 * index, value, true))
  return bytes
}

function entry(shape: number[], begin: number, end: number, dtype = 'F32') {
  return { dtype, shape, data_offsets: [begin, end] }
}

describe('readSafetensors', () => {
  it('reads a file laid out by hand', () => {
    const header = { __metadata__: { name: 'toy' }, b: entry([2], 4, 12), a: entry([], 0, 4) }
    const { tensors, metadata } = readSafetensors(fileOf(header, floats(1, 2, -3)), SOURCE)
    expect(metadata).toEqual({ name: 'toy' })
    expect([...tensors]).toEqual([
      ['a', { shape: [], data: Float32Array.of(1) }],
      ['b', { shape: [2], data: Float32Array.of(2, -3) }],
    ])
  })

  it('reads from a view at an odd offset of its buffer', () => {
    const file = fileOf({ a: entry([1], 0, 4) }, floats(7))
    const shifted = new Uint8Array(file.length + 3)
    shifted.set(file, 3)
    for (const view of [shifted.subarray(3), Buffer.from(shifted.buffer, 3)]) {
      expect(readSafetensors(view, SOURCE).tensors.get('a')?.data).toEqual(Float32Array.of(7))
    }
  })

  const two = floats(1, 2)
  it.each<[string, Uint8Array, string, string]>([
    ['empty', new Uint8Array(0), 'bad_file', '0 bytes'],
    ['header length 0', fileOf('{}', two, 0n), 'bad_file', 'header length of 0'],
    ['header beyond the file', fileOf('{}', two, 11n), 'bad_file', 'header length of 11'],
    ['absurd header length', fileOf('{}', two, 0xffffffffffffffffn), 'bad_file', '18446744073709551615'],
    ['no JSON', fileOf('{a}'), 'bad_file', 'not valid JSON'],
    ['not UTF-8', Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe), 'bad_file', 'not valid JSON'],
    ['a list', fileOf('[]'), 'bad_file', 'no JSON object'],
    ['metadata of numbers', fileOf({ __metadata__: { fold: 5 } }), 'bad_file', '"fold":5'],
    ['metadata no object', fileOf({ __metadata__: 'x' }), 'bad_file', '"x"'],
    ['entry no object', fileOf({ a: 1 }), 'bad_file', "tensor 'a' with no description"],
    ['float16', fileOf({ a: entry([4], 0, 8, 'F16') }, two), 'bad_file', 'dtype "F16"'],
    ['dtype missing', fileOf({ a: { shape: [2], data_offsets: [0, 8] } }, two), 'bad_file', 'dtype missing'],
    [
      'shape missing',
      fileOf({ a: { dtype: 'F32', data_offsets: [0, 8] } }, two),
      'bad_file',
      'shape missing',
    ],
    ['negative size', fileOf({ a: entry([-2], 0, 8) }, two), 'bad_file', 'shape [-2]'],
    ['fractional size', fileOf({ a: entry([1.5], 0, 8) }, two), 'bad_file', 'shape [1.5]'],
    ['one offset', fileOf({ a: { dtype: 'F32', shape: [2], data_offsets: [0] } }, two), 'bad_file', '[0]'],
    ['shape too small', fileOf({ a: entry([1], 0, 8) }, two), 'bad_file', '[0, 8]'],
    ['offsets reversed', fileOf({ a: entry([2], 8, 0) }, two), 'bad_file', '[8, 0]'],
    ['huge shape', fileOf({ a: entry([2 ** 40, 2 ** 40], 0, 8) }, two), 'bad_file', '[0, 8]'],
    [
      'overlap',
      fileOf({ a: entry([2], 0, 8), b: entry([1], 4, 8) }, two),
      'bad_file',
      "tensor 'b' from byte 4",
    ],
    ['hole', fileOf({ a: entry([1], 4, 8) }, two), 'bad_file', "tensor 'a' from byte 4"],
    ['out of range', fileOf({ a: entry([3], 0, 12) }, two), 'bad_file', '8 bytes of data'],
    ['bytes left over', fileOf({ a: entry([1], 0, 4) }, two), 'bad_file', '8 bytes of data'],
    ['NaN', fileOf({ a: entry([2], 0, 8) }, floats(1, NaN)), 'bad_values', "NaN at index 1 of tensor 'a'"],
    ['Inf', fileOf({ a: entry([2], 0, 8) }, floats(-Infinity, 0)), 'bad_values', '-Infinity at index 0'],
  ])('refuses: %s', (_, bytes, code, found) => {
    const error = errorOf(() => readSafetensors(bytes, SOURCE))
    expect(error.code).toBe(code)
    expect(error.exitCode).toBe(2)
    expect(error.found).toContain(found)
    expect(error.found).toContain(SOURCE)
  })

  it('refuses a file cut at any byte', () => {
    const whole = writeSafetensors(new Map([['a', { shape: [2], data: Float32Array.of(1, 2) }]]), {
      name: 'x',
    })
    for (let length = 0; length < whole.length; length++) {
      expect(errorOf(() => readSafetensors(whole.subarray(0, length), SOURCE)).code).toBe('bad_file')
    }
  })
})

describe('writeSafetensors', () => {
  const a: NamedTensor = { shape: [1, 2], data: Float32Array.of(1, 2) }
  const b: NamedTensor = { shape: [], data: Float32Array.of(3) }

  it('writes these very bytes', () => {
    const json =
      '{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},' +
      '"b":{"dtype":"F32","shape":[],"data_offsets":[8,12]}}'
    const padded = json.padEnd(Math.ceil(json.length / 8) * 8)
    expect(
      writeSafetensors(
        new Map([
          ['b', b],
          ['a', a],
        ]),
        { k: 'v' },
      ),
    ).toEqual(fileOf(padded, floats(1, 2, 3)))
  })

  it('gives the same bytes for every order of names', () => {
    const one = writeSafetensors(
      new Map([
        ['a', a],
        ['b', b],
      ]),
      { x: '1', y: '2' },
    )
    const other = writeSafetensors(
      new Map([
        ['b', b],
        ['a', a],
      ]),
      { y: '2', x: '1' },
    )
    expect(one).toEqual(other)
  })

  it('round-trips any tensors and metadata', () => {
    const value = fc.float({ noNaN: true, noDefaultInfinity: true })
    const tensor = fc.array(fc.nat(4), { maxLength: 4 }).chain((shape) => {
      const size = shape.reduce((product, next) => product * next, 1)
      return fc
        .array(value, { minLength: size, maxLength: size })
        .map((values) => ({ shape, data: Float32Array.from(values) }))
    })
    const name = fc.string({ unit: 'grapheme' }).filter((text) => text !== '__metadata__')
    fc.assert(
      fc.property(
        fc.array(fc.tuple(name, tensor), { maxLength: 6 }),
        fc.dictionary(fc.string(), fc.string()),
        (pairs, metadata) => {
          const tensors = new Map(pairs)
          const bytes = writeSafetensors(tensors, metadata)
          const read = readSafetensors(bytes, SOURCE)
          expect(new Map(read.tensors)).toEqual(tensors)
          expect(Object.entries(read.metadata).sort()).toEqual(Object.entries(metadata).sort())
          expect(writeSafetensors(read.tensors, read.metadata)).toEqual(bytes)
        },
      ),
      { seed: 1 },
    )
  })

  it.each<[string, string, NamedTensor, string]>([
    ['shape that does not fit', 'a', { shape: [3], data: Float32Array.of(1) }, 'bad_file'],
    ['reserved name', '__metadata__', b, 'bad_file'],
    ['NaN', 'a', { shape: [1], data: Float32Array.of(NaN) }, 'bad_values'],
  ])('refuses: %s', (_, name, tensor, code) => {
    expect(errorOf(() => writeSafetensors(new Map([[name, tensor]]), {})).code).toBe(code)
  })
})
