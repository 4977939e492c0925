import { badFile } from '../bad-input.ts'
import type { Hdf5Array, Hdf5Arrays } from './hdf5-arrays.ts'

/** A class of a larger number is a mistake. */
const LARGEST_CLASS = 65_535

/**
 * The class of each row: a whole number, or one that is set among booleans of all classes.
 *
 * @param of what the labels are of: the same rows, of the same names where they have names
 * @throws HeatproofError `bad_file`, with the row
 */
export function classNumbers(labels: Hdf5Array, of: Hdf5Array): number[] {
  const { source, count, row } = labels
  const width = row.reduce((product, size) => product * size, 1)
  const other = of.keys?.findIndex((key, index) => key !== labels.keys?.[index]) ?? -1
  if (count !== of.count || row.length > 1 || width === 0 || (labels.keys !== undefined && other >= 0)) {
    throw badFile({
      ...{ source, found: `the shape [${[count, ...row].join(', ')}]${named(of, other)}` },
      expected: `one label for each of the ${of.count} rows of ${of.source}`,
    })
  }
  const values = labels.read(0, count)
  return Array.from({ length: count }, (_, index) => {
    const own = values.subarray(index * width, (index + 1) * width)
    const value = width === 1 ? (own[0] ?? -1) : theOnlyOne(own)
    if (Number.isInteger(value) && value >= 0 && value <= LARGEST_CLASS) return value
    throw badFile({
      ...{
        source,
        found: `the label [${[...own.slice(0, 20)].join(', ')}] of ${of.keys?.[index] ?? `row ${index}`}`,
      },
      expected: 'one class, as a whole number or as the only one that is set',
      advice: 'Leave samples of several classes out.',
    })
  })
}

function named(of: Hdf5Array, index: number): string {
  return index < 0 ? '' : `, without ${of.keys?.[index] ?? ''}`
}

/** Place of the only value that is not 0; -1 where there is none, or another. */
function theOnlyOne(values: Float32Array | Float64Array): number {
  const set = values.findIndex((value) => value !== 0)
  return set >= 0 && values.every((value, index) => index === set || value === 0) ? set : -1
}

/** By the number of an input, its row: rows are numbered from 0, unless a group `index` numbers their names. */
export function inputRows(file: Hdf5Arrays, inputs: Hdf5Array): ReadonlyMap<number, number> {
  const index = inputs.keys === undefined ? undefined : file.find('index')
  const numbers = index?.read(0, index.count) ?? Float64Array.from({ length: inputs.count }, (_, row) => row)
  const byKey = new Map(inputs.keys?.map((key, row) => [key, row]))
  const rows = new Map<number, number>()
  numbers.forEach((number, row) => {
    rows.set(number, index === undefined ? row : (byKey.get(index.keys?.[row] ?? '') ?? -1))
  })
  if (rows.size === inputs.count && [...rows.values()].every((row) => row >= 0)) return rows
  throw badFile({
    ...{ source: index?.source ?? inputs.source, found: `${rows.size} numbers of ${inputs.count} inputs` },
    expected: 'a number of its own for each input, by its name',
  })
}

/** The row of the input of each map: by its name where maps have names, otherwise as `index` says. @throws HeatproofError `bad_file` */
export function numberedRows(
  file: Hdf5Arrays,
  maps: Hdf5Array,
  inputs: Hdf5Array,
  rows: ReadonlyMap<number, number>,
): number[] {
  if (maps.keys !== undefined && inputs.keys !== undefined) {
    const byKey = new Map(inputs.keys.map((key, row) => [key, row]))
    return maps.keys.map((key) => byKey.get(key) ?? none(maps.source, key))
  }
  const index = file.array('index')
  if (index.count !== maps.count || index.row.some((size) => size !== 1)) {
    throw badFile({
      ...{ source: index.source, found: `the shape [${[index.count, ...index.row].join(', ')}]` },
      expected: `[${maps.count}], the number of the input of each map`,
    })
  }
  return Array.from(index.read(0, index.count), (number) => rows.get(number) ?? none(index.source, number))
}

/**
 * By the number that analyses know a map by, the row of its map: what `index` says, or the place of its name among the sorted ones.
 *
 * @throws HeatproofError `bad_file`
 */
export function mapNumbers(
  file: Hdf5Arrays,
  { keys, count, source }: Hdf5Array,
): ReadonlyMap<number, number> {
  const index = file.find('index')
  if (index === undefined) {
    const sorted = [...(keys?.entries() ?? [])].sort(([, a], [, b]) => (a < b ? -1 : 1))
    return new Map(sorted.map(([row], number) => [number, row]))
  }
  const numbers = index.read(0, index.count)
  if (index.count === count && numbers.length === count)
    return new Map(Array.from(numbers, (number, row) => [number, row]))
  throw badFile({
    ...{ source: index.source, found: `the shape [${[index.count, ...index.row].join(', ')}]` },
    expected: `a number for each of the ${count} maps of ${source}`,
  })
}

function none(source: string, input: string | number): never {
  throw badFile({ source, found: `the input ${input}`, expected: 'an input that is there' })
}
