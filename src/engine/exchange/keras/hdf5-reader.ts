import { badFile } from '../bad-input.ts'

/** An array in an HDF5 file. Nothing of its content is read until it is asked for. */
export interface StoredArray {
  readonly shape: readonly number[]
  /** As Python's `struct` names it, e.g. `<f` for float32. */
  readonly type: string
  /** @throws HeatproofError `bad_file` when it cannot be read */
  readonly read: () => Float32Array
}

/** What is asked of an HDF5 file, by paths such as `layers/dense/vars/0`. */
export interface Hdf5Content {
  readonly array: (path: string) => StoredArray | undefined
  /** Text or a list of it; undefined where there is none. */
  readonly attribute: (path: string, name: string) => unknown
}

const FLOAT32 = '<f'
/** The library's own memory is its only file system: a link in the file leads nowhere else. */
const PLACE = '/given.h5'

/**
 * Opens an HDF5 file in memory for as long as `use` takes.
 *
 * @param source the file's name, for messages
 * @throws HeatproofError `bad_file` when it is none, or is cut off; and what `use` throws
 */
export async function withHdf5<Result>(
  bytes: Uint8Array,
  source: string,
  use: (content: Hdf5Content) => Result,
): Promise<Result> {
  const library = (await import('h5wasm')).default
  const core = await library.ready
  core.activate_throwing_error_handler()
  const { FS } = core
  FS.writeFile(PLACE, bytes)
  try {
    const file = attempt(() => new library.File(PLACE, 'r'))
    if (file === undefined) {
      throw badFile({ source, found: 'no HDF5 file, or not the whole of one,', expected: 'HDF5' })
    }
    try {
      return use({
        array(path) {
          return attempt(() => {
            const found = file.get(path)
            if (!(found instanceof library.Dataset)) return undefined
            const { dtype, metadata } = found
            const shape = metadata.shape ?? []
            const type = typeof dtype === 'string' ? dtype : 'a compound'
            const read = () => (metadata.virtual_sources === undefined ? found.value : undefined)
            return { shape, type, read: () => valuesOf(read, shape, bytes.length, `'${path}' of ${source}`) }
          })
        },
        attribute(path, name) {
          const found = path === '' ? file : attempt(() => file.get(path))
          if (!(found instanceof library.Group)) return undefined
          return attempt(() => found.attrs[name]?.value)
        },
      })
    } finally {
      attempt(() => file.close())
    }
  } finally {
    FS.unlink(PLACE)
  }
}

/**
 * The type has been looked at before. A file that claims more numbers than it has bytes is not asked for them, and neither is
 * one whose numbers lie in another file (a virtual array), which would come as zeros.
 */
function valuesOf(
  read: () => unknown,
  shape: readonly number[],
  fileBytes: number,
  source: string,
): Float32Array {
  const count = shape.reduce((product, size) => product * size, 1)
  const isStored = count * Float32Array.BYTES_PER_ELEMENT <= fileBytes
  const values = isStored ? attempt(read) : undefined
  if (values instanceof Float32Array && values.length === count) {
    return values.slice()
  }
  throw badFile({
    source,
    found: `an array of [${shape.join(', ')}] that is not there as a whole`,
    expected: `${count} numbers of type ${FLOAT32}`,
  })
}

/** The library throws errors of its own kinds for what is not there or is damaged. */
function attempt<Result>(act: () => Result): Result | undefined {
  try {
    return act()
  } catch {
    return undefined
  }
}
