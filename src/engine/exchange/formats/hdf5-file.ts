import type { Dataset, File as Hdf5 } from 'h5wasm/node'

type Values = Float32Array | Float64Array | Int32Array | Uint16Array

/** An array of float32 in an HDF5 file that grows along its first axis. */
export interface GrowingArray {
  /** @param values whole rows, one after the other */
  append: (values: Float32Array) => void
}

/** An HDF5 file that is written from its beginning to its end. */
export interface Hdf5File {
  /** Makes a group, in one that is there. */
  group: (path: string) => void
  /** @param path e.g. `data`, or `0/cluster/consensus` in groups that are there */
  array: (path: string, values: Values, shape: readonly number[]) => void
  /** @param row shape of one row */
  growing: (path: string, row: readonly number[]) => GrowingArray
  close: () => void
}

/** Types are named as Python's `struct` names them. */
const FLOAT32 = '<f'
/** What HDF5 takes for the time at which it makes things, so that the same content gives the same bytes. */
const CLOCK = Date.UTC(1980, 0, 1)

/** Begins an HDF5 file. @throws Error when the library cannot write it */
export async function createHdf5File(path: string): Promise<Hdf5File> {
  const library = (await import('h5wasm/node')).default
  await library.ready
  const file: Hdf5 = atFixedTime(() => new library.File(path, 'w'))
  const parts = (at: string) => {
    const slash = at.lastIndexOf('/')
    const parent = slash < 0 ? file : file.get(at.slice(0, slash))
    if (!(parent instanceof library.Group)) throw new Error(`no group for ${at}`)
    return { parent, name: at.slice(slash + 1) }
  }
  return {
    group: (at) =>
      atFixedTime(() => {
        const { parent, name } = parts(at)
        parent.create_group(name)
      }),
    array: (at, data, shape) =>
      atFixedTime(() => {
        const { parent, name } = parts(at)
        parent.create_dataset({ name, data, shape: [...shape], dtype: typeOf(data) })
      }),
    growing: (at, row) => {
      const { parent, name } = parts(at)
      let dataset: Dataset | undefined
      let count = 0
      return {
        append: (values) =>
          atFixedTime(() => {
            const before = count
            count += values.length / row.reduce((product, size) => product * size, 1)
            if (dataset === undefined) {
              const shape = [count, ...row]
              dataset = parent.create_dataset({
                ...{ name, data: values, shape, dtype: FLOAT32 },
                ...{ maxshape: [null, ...row], chunks: [1, ...row] },
              })
            } else {
              dataset.resize([count, ...row])
              dataset.write_slice(
                [[before, count], ...row.map((size): [number, number] => [0, size])],
                values,
              )
            }
          }),
      }
    },
    close: () => atFixedTime(() => void file.close()),
  }
}

function typeOf(values: Values): string {
  if (values instanceof Float32Array) return FLOAT32
  if (values instanceof Float64Array) return '<d'
  return values instanceof Int32Array ? '<i' : '<H'
}

/**
 * HDF5 stamps every object with the time, and has no option for that here. Its calls return before anything else can run, so
 * the clock is put back before anybody else asks for it.
 */
function atFixedTime<Result>(act: () => Result): Result {
  const clock = Date.now
  Date.now = () => CLOCK
  try {
    return act()
  } finally {
    Date.now = clock
  }
}
