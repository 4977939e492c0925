import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createNpyWriter } from '../../../src/engine/exchange/npy-writer.ts'
import {
  npyFloats,
  npyWholeNumbers,
  readNpy,
  readNpyFile,
  writeNpy,
  writeNpyFile,
  type NpyArray,
} from '../../../src/engine/exchange/npy.ts'
import { errorOf, rejectionOf } from '../../support/errors.ts'

const SOURCE = 'maps.npy'

/** A .npy file with the given header text, laid out by hand. */
function fileOf(text: string, data: Uint8Array = new Uint8Array(0), version = 1): Uint8Array {
  const lengthBytes =
    version === 1 ? [text.length & 255, text.length >> 8] : [text.length & 255, text.length >> 8, 0, 0]
  const start = [0x93, ...Buffer.from('NUMPY'), version, 0, ...lengthBytes, ...Buffer.from(text, 'latin1')]
  return Uint8Array.from([...start, ...data])
}

function header(descr: string, shape: string, order = 'False'): string {
  return `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }\n`
}

const TWO_FLOATS = new Uint8Array(Float32Array.of(1.5, -2).buffer)

describe('readNpy', () => {
  it.each<[string, string, Uint8Array, NpyArray]>([
    [
      'float32',
      header('<f4', '(2,)'),
      TWO_FLOATS,
      { dtype: 'float32', shape: [2], data: Float32Array.of(1.5, -2) },
    ],
    [
      'float64, any order of keys, no trailing comma',
      "{'shape': (1, 2), 'fortran_order': False, 'descr': '<f8'}",
      new Uint8Array(Float64Array.of(0.1, 3).buffer),
      { dtype: 'float64', shape: [1, 2], data: Float64Array.of(0.1, 3) },
    ],
    [
      'uint8',
      header('|u1', '(2,)'),
      Uint8Array.of(0, 255),
      { dtype: 'uint8', shape: [2], data: Uint8Array.of(0, 255) },
    ],
    [
      'bool',
      header('|b1', '(2,)'),
      Uint8Array.of(1, 0),
      { dtype: 'bool', shape: [2], data: Uint8Array.of(1, 0) },
    ],
    [
      'int32, zero-dimensional',
      header('<i4', '()'),
      Uint8Array.of(0xfe, 255, 255, 255),
      { dtype: 'int32', shape: [], data: Int32Array.of(-2) },
    ],
    [
      'int64, sizes of Python 2',
      header('<i8', '(1L, 1L)'),
      Uint8Array.of(0xff, 255, 255, 255, 255, 255, 255, 255),
      { dtype: 'int64', shape: [1, 1], data: BigInt64Array.of(-1n) },
    ],
    [
      'empty',
      header('<f4', '(0, 28, 84)'),
      new Uint8Array(0),
      { dtype: 'float32', shape: [0, 28, 84], data: new Float32Array(0) },
    ],
  ])('reads %s', (_, text, data, expected) => {
    for (const version of [1, 2, 3]) expect(readNpy(fileOf(text, data, version), SOURCE)).toEqual(expected)
  })

  it('reads from a view at an odd offset of its buffer', () => {
    const file = fileOf(header('<f4', '(2,)'), TWO_FLOATS)
    const shifted = new Uint8Array(file.length + 1)
    shifted.set(file, 1)
    expect(readNpy(shifted.subarray(1), SOURCE).data).toEqual(Float32Array.of(1.5, -2))
  })

  it.each<[string, Uint8Array, string]>([
    ['empty', new Uint8Array(0), '0 bytes'],
    [
      'another magic',
      Uint8Array.from(fileOf(header('<f4', '(2,)'), TWO_FLOATS), (byte, index) =>
        index === 1 ? 0x4d : byte,
      ),
      'without a complete .npy start',
    ],
    ['version 4', fileOf(header('<f4', '(2,)'), TWO_FLOATS, 4), 'version 4.0'],
    ['header beyond the file', fileOf(header('<f4', '(2,)')).subarray(0, 60), '60 bytes'],
    ['big-endian', fileOf(header('>f4', '(2,)'), TWO_FLOATS), "'>f4'"],
    ['float16', fileOf(header('<f2', '(4,)'), TWO_FLOATS), "'<f2'"],
    ['text', fileOf(header('<U2', '(1,)'), TWO_FLOATS), "'<U2'"],
    ['objects', fileOf(header('|O', '(1,)'), TWO_FLOATS), "'|O'"],
    [
      'a structure',
      fileOf("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }", TWO_FLOATS),
      'the header',
    ],
    ['Fortran order', fileOf(header('<f4', '(2,)', 'True'), TWO_FLOATS), 'Fortran order'],
    ['no dictionary', fileOf('[1]', TWO_FLOATS), 'the header'],
    ['missing shape', fileOf("{'descr': '<f4', 'fortran_order': False, }", TWO_FLOATS), 'the header'],
    [
      'a key twice',
      fileOf("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", TWO_FLOATS),
      'the header',
    ],
    [
      'an unknown key',
      fileOf("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1}", TWO_FLOATS),
      'the header',
    ],
    [
      'code',
      fileOf("{'descr': '<f4', 'fortran_order': False, 'shape': (exit(),), }", TWO_FLOATS),
      'the header',
    ],
    ['a number as shape', fileOf(header('<f4', '(2)'), TWO_FLOATS), 'the header'],
    ['empty size', fileOf(header('<f4', '(1,,2)'), TWO_FLOATS), 'the header'],
    [
      'swapped kinds',
      fileOf("{'descr': True, 'fortran_order': '<f4', 'shape': (2,), }", TWO_FLOATS),
      'the header',
    ],
    ['too few data', fileOf(header('<f4', '(3,)'), TWO_FLOATS), '8 bytes of data'],
    ['too many data', fileOf(header('<f4', '(1,)'), TWO_FLOATS), '8 bytes of data'],
    ['huge shape', fileOf(header('<f4', '(99999999999, 99999999999)'), TWO_FLOATS), '8 bytes of data'],
  ])('refuses: %s', (_, bytes, found) => {
    const error = errorOf(() => readNpy(bytes, SOURCE))
    expect(error.code).toBe('bad_file')
    expect(error.exitCode).toBe(2)
    expect(error.found).toContain(found)
    expect(error.found).toContain(SOURCE)
  })

  it('refuses a file cut at any byte', () => {
    const whole = writeNpy({ dtype: 'float32', shape: [1, 2], data: Float32Array.of(1, 2) })
    for (let length = 0; length < whole.length; length++) {
      expect(errorOf(() => readNpy(whole.subarray(0, length), SOURCE)).code).toBe('bad_file')
    }
  })

  it('refuses a bool that is neither 0 nor 1', () => {
    const error = errorOf(() => readNpy(fileOf(header('|b1', '(2,)'), Uint8Array.of(1, 7)), SOURCE))
    expect(error.code).toBe('bad_values')
    expect(error.found).toContain('byte 7 at index 1')
  })
})

describe('writeNpy', () => {
  it('writes what NumPy writes for an array of shape (2, 1)', () => {
    const text = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }".padEnd(117) + '\n'
    const written = writeNpy({ dtype: 'float32', shape: [2, 1], data: Float32Array.of(1.5, -2) })
    expect(written).toEqual(fileOf(text, TWO_FLOATS))
  })

  it('round-trips every dtype and shape', () => {
    const filled = fc
      .tuple(
        fc.constantFrom('float32', 'float64', 'uint8', 'bool', 'int32', 'int64'),
        fc.array(fc.nat(5), { maxLength: 4 }),
        fc.infiniteStream(fc.integer({ min: -1000, max: 1000 })),
      )
      .map(([dtype, shape, stream]): NpyArray => {
        const size = shape.reduce((product, next) => product * next, 1)
        const values = [...stream.take(size)]
        switch (dtype) {
          case 'float32':
            return { dtype, shape, data: Float32Array.from(values, (value) => value / 7) }
          case 'float64':
            return { dtype, shape, data: Float64Array.from(values, (value) => value / 7) }
          case 'uint8':
            return { dtype, shape, data: Uint8Array.from(values) }
          case 'bool':
            return { dtype, shape, data: Uint8Array.from(values, (value) => (value > 0 ? 1 : 0)) }
          case 'int32':
            return { dtype, shape, data: Int32Array.from(values) }
          case 'int64':
            return { dtype, shape, data: BigInt64Array.from(values, BigInt) }
        }
      })
    fc.assert(
      fc.property(filled, (array) => {
        const bytes = writeNpy(array)
        expect((bytes.length - array.data.byteLength) % 64).toBe(0)
        expect(readNpy(bytes, SOURCE)).toEqual(array)
      }),
      { seed: 2 },
    )
  })

  it('refuses a shape that does not fit', () => {
    const array: NpyArray = { dtype: 'float32', shape: [3], data: Float32Array.of(1) }
    expect(errorOf(() => writeNpy(array)).code).toBe('bad_file')
  })
})

describe('npyFloats and npyWholeNumbers', () => {
  it('convert whole numbers and float64 to float32', () => {
    expect(npyFloats({ dtype: 'int64', shape: [2], data: BigInt64Array.of(3n, -4n) }, SOURCE)).toEqual(
      Float32Array.of(3, -4),
    )
    expect(npyFloats({ dtype: 'float64', shape: [1], data: Float64Array.of(0.1) }, SOURCE)).toEqual(
      Float32Array.of(0.1),
    )
  })

  it.each([NaN, Infinity, 1e39])('refuse %d as float32', (value) => {
    const error = errorOf(() =>
      npyFloats({ dtype: 'float64', shape: [2], data: Float64Array.of(0, value) }, SOURCE),
    )
    expect(error.code).toBe('bad_values')
    expect(error.found).toContain('index 1')
  })

  it('take whole floats as labels and refuse others', () => {
    expect(npyWholeNumbers({ dtype: 'float32', shape: [2], data: Float32Array.of(3, 9) }, SOURCE)).toEqual([
      3, 9,
    ])
    expect(npyWholeNumbers({ dtype: 'int64', shape: [1], data: BigInt64Array.of(7n) }, SOURCE)).toEqual([7])
    for (const wrong of [0.5, NaN, Infinity]) {
      const array: NpyArray = { dtype: 'float32', shape: [1], data: Float32Array.of(wrong) }
      expect(errorOf(() => npyWholeNumbers(array, SOURCE)).code).toBe('bad_values')
    }
  })
})

describe('files', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'heatproof-npy-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('writes and reads a file, and says which one is missing or bad', async () => {
    const path = join(folder, 'a.npy')
    const array: NpyArray = { dtype: 'uint8', shape: [2], data: Uint8Array.of(1, 2) }
    await writeNpyFile(path, array)
    expect(await readNpyFile(path)).toEqual(array)
    await writeFile(path, 'no array')
    expect((await rejectionOf(readNpyFile(path))).found).toContain(path)
    expect((await rejectionOf(readNpyFile(join(folder, 'b.npy')))).code).toBe('not_found')
  })

  it('appends batches and appears only when it is finished', async () => {
    const path = join(folder, 'maps.npy')
    const values = Float32Array.from({ length: 5 * 6 }, (_, index) => index / 3)
    const writer = await createNpyWriter(path, [5, 2, 3])
    await writer.append(values.subarray(0, 18))
    expect(await readdir(folder)).not.toContain('maps.npy')
    await writer.append(values.subarray(18))
    await writer.finish()
    await writer.discard()
    expect(await readdir(folder)).toEqual(['maps.npy'])
    const whole = writeNpy({ dtype: 'float32', shape: [5, 2, 3], data: values })
    expect(new Uint8Array(await readFile(path))).toEqual(whole)
  })

  it('leaves the older file alone and nothing behind when it is discarded', async () => {
    const path = join(folder, 'maps.npy')
    await writeFile(path, 'older')
    const writer = await createNpyWriter(path, [2])
    await writer.append(Float32Array.of(1))
    expect((await rejectionOf(writer.finish())).found).toContain('1 values')
    expect((await rejectionOf(writer.append(Float32Array.of(1, 2)))).found).toContain('3 values')
    await writer.discard()
    expect(await readdir(folder)).toEqual(['maps.npy'])
    expect(await readFile(path, 'utf8')).toBe('older')
  })

  it('says where it cannot write', async () => {
    const error = await rejectionOf(createNpyWriter(join(folder, 'missing', 'a.npy'), [1]))
    expect(error.code).toBe('cannot_write')
    expect(error.exitCode).toBe(1)
    await writeFile(join(folder, 'file'), '')
    expect((await rejectionOf(createNpyWriter(join(folder, 'file', 'a.npy'), [1]))).code).toBe('cannot_write')
    const array: NpyArray = { dtype: 'uint8', shape: [0], data: new Uint8Array(0) }
    expect((await rejectionOf(writeNpyFile(folder, array))).code).toBe('cannot_write')
    expect(await readdir(folder)).toEqual(['file'])
  })
})
