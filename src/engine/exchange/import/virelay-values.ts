import { HeatproofError } from '../../../shared/errors.ts'
import type { Hdf5Array } from './hdf5-arrays.ts'
import type { VirelaySet } from './virelay-set.ts'

/** What a sample is called in messages and in the workspace. */
export function nameOf({ members, inputs }: VirelaySet, sample: number): string {
  const row = members[sample] ?? 0
  return inputs.keys?.[row] ?? `sample ${row}`
}

/** So many rows; those that follow one another are read together. @throws HeatproofError `bad_values`, `bad_file` */
export function collectedRows(
  array: Hdf5Array,
  rows: readonly number[],
  nameAt: (index: number) => string,
): Float32Array {
  const size = array.row.reduce((product, length) => product * length, 1)
  const values = new Float32Array(rows.length * size)
  let at = 0
  while (at < rows.length) {
    const row = rows[at] ?? 0
    let length = 1
    while (rows[at + length] === row + length) length += 1
    values.set(array.read(row, length), at * size)
    const wrong = values
      .subarray(at * size, (at + length) * size)
      .findIndex((value) => !Number.isFinite(value))
    if (wrong >= 0) {
      const index = at + Math.floor(wrong / size)
      throw notFinite(array.source, nameAt(index), wrong % size, values[at * size + wrong])
    }
    at += length
  }
  return values
}

/** A value that is none, in a sample. */
export function notFinite(
  source: string,
  sample: string,
  index: number,
  value: number | undefined,
): HeatproofError {
  return new HeatproofError('bad_values', {
    found: `${String(value)} in ${sample} of ${source}, at value ${index} of it`,
    expected: 'finite numbers within float32',
    advice: 'Compute this sample again, or leave it out of every file.',
  })
}
