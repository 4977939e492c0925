import type Library from 'h5wasm/node'
import type { Dataset, Group } from 'h5wasm/node'
import { open, stat } from 'node:fs/promises'
import { HeatproofError } from '../../../shared/errors.ts'
import { badFile } from '../bad-input.ts'

/** Rows of one size in an HDF5 file: an array, or a group with one array a row. */
export interface Hdf5Array {
  /** For messages: the file and the name in it. */
  source: string
  count: number
  /** Sizes of one row. */
  row: readonly number[]
  /** What each row is called; undefined: they are numbered. */
  keys: string[] | undefined
  /** @throws HeatproofError `bad_file` where the file does not hold what it says */
  read: (first: number, count: number) => Float32Array | Float64Array
}

/** An HDF5 file that is read. No link in it is followed. */
export interface Hdf5Arrays {
  path: string
  /** What a group holds, '' for the file itself; undefined where there is no such group. @throws HeatproofError `bad_file` */
  names: (group: string) => string[] | undefined
  /** By its name, or its path, e.g. `cat/index`; undefined where there is nothing. @throws HeatproofError `bad_file` */
  find: (name: string) => Hdf5Array | undefined
  /** @throws HeatproofError `bad_file`, also where there is none */
  array: (name: string) => Hdf5Array
  close: () => void
}

const MAGIC = '\x89HDF\r\n\x1a\n'
/** HDF5's numbers for the types whose values are numbers: whole ones, floats, and booleans as Python writes them. */
const NUMBERS = { whole: 0, float: 1, named: 8 }
/** The most that deflate, the strongest usual filter, packs into one byte. */
const STRONGEST_PACKING = 1032
/** Rows of a group, and how deep they may lie. */
const MOST = { rows: 1_000_000, depth: 8 }

/** Opens an HDF5 file. @throws HeatproofError `bad_file`: it is none, or incomplete */
export async function openHdf5Arrays(path: string): Promise<Hdf5Arrays> {
  await requireMagic(path)
  const { size } = await stat(path)
  const library = (await import('h5wasm/node')).default
  const module = await library.ready
  module.activate_throwing_error_handler()
  const file = openedBy(library, path)
  files = module.FS
  const find = (name: string): Hdf5Array | undefined => {
    const entity = attempt(path, () => entityAt(library, file, name, path))
    const source = `${path}: ${name}`
    if (entity === undefined) return undefined
    return entity instanceof library.Dataset
      ? ofDataset(entity, source, size)
      : ofGroup(library, entity, source, size)
  }
  const names = (group: string): string[] | undefined => {
    if (group === '') return attempt(path, () => file.keys())
    const entity = attempt(path, () => entityAt(library, file, group, path))
    return entity instanceof library.Group ? attempt(path, () => entity.keys()) : undefined
  }
  return {
    ...{ path, names, find },
    array(name) {
      const found = find(name)
      if (found !== undefined) return found
      throw badFile({
        ...{ source: path, found: `no '${name}'`, expected: `an array or a group '${name}'` },
        advice: 'Write the file as ViRelAy’s database specification says.',
      })
    },
    close: () => void file.close(),
  }
}

function openedBy(library: typeof Library, path: string): InstanceType<typeof Library.File> {
  files = undefined
  return attempt(path, () => new library.File(path, 'r'))
}

async function requireMagic(path: string): Promise<void> {
  const handle = await open(path)
  try {
    const start = Buffer.alloc(MAGIC.length)
    await handle.read(start, 0, MAGIC.length, 0)
    if (start.toString('latin1') === MAGIC) return
  } finally {
    await handle.close()
  }
  throw badFile({ source: path, found: 'a start that is not HDF5', expected: 'an HDF5 file' })
}

/** The library's file system, once a file was opened. */
let files: { open: (...given: never[]) => unknown } | undefined

/**
 * Reads what is open. An array may be said to lie in any other file of the machine, which the library would open by itself and
 * says nowhere: meanwhile it opens none. What it throws says where in its own code it stands, which helps nobody.
 */
function attempt<Result>(source: string, read: () => Result): Result {
  const own = files?.open
  try {
    if (files !== undefined) files.open = refuseToOpen
    return read()
  } catch (cause) {
    if (cause instanceof HeatproofError) throw cause
    throw badFile({ source, found: 'HDF5 that cannot be read', expected: 'a whole HDF5 file', cause })
  } finally {
    if (files !== undefined && own !== undefined) files.open = own
  }
}

function refuseToOpen(): never {
  throw new Error('HDF5 may not open other files')
}

/** What a file holds at a path. */
function entityAt(
  library: typeof Library,
  file: Group,
  path: string,
  source: string,
): Dataset | Group | undefined {
  let entity: Dataset | Group | undefined = file
  for (const name of path.split('/')) {
    if (!(entity instanceof library.Group)) return undefined
    entity = entityOf(library, entity, name, source)
  }
  return entity
}

/** What a group holds under a name. The library follows links by itself, so that they are looked for first. */
function entityOf(
  library: typeof Library,
  group: Group,
  name: string,
  source: string,
): Dataset | Group | undefined {
  if (!group.keys().includes(name)) return undefined
  const entity = isLink(group, name) ? null : group.get(name)
  if (entity instanceof library.Dataset || entity instanceof library.Group) return entity
  throw badFile({ source, found: `a link '${name}'`, expected: 'arrays and groups alone' })
}

/** For what is no link the library gives null as its target, and nothing of another file, whatever its types say. */
function isLink(group: Group, name: string): boolean {
  const path = `${group.path.replace(/\/$/, '')}/${name}`
  const target: unknown = group.get_link(path)
  return target !== null || 'filename' in group.get_external_link(path)
}

function ofDataset(dataset: Dataset, source: string, fileBytes: number): Hdf5Array {
  const [count = 0, ...row] = sizesOf(dataset, source, fileBytes)
  return {
    ...{ source, count, row, keys: undefined },
    read: (first, length) =>
      attempt(source, () =>
        numbersOf(
          dataset.slice([[first, first + length], ...row.map((size): [number, number] => [0, size])]),
          length * product(row),
          source,
        ),
      ),
  }
}

/** The sizes that an array has, once it is clear that the file can hold so much. @throws HeatproofError `bad_file` */
function sizesOf(dataset: Dataset, source: string, fileBytes: number): number[] {
  const { shape, metadata, filters } = attempt(source, () => ({
    shape: dataset.shape,
    metadata: dataset.metadata,
    filters: dataset.filters,
  }))
  const { type, size, virtual_sources: others } = metadata
  const isNumber =
    type === NUMBERS.whole || type === NUMBERS.named || (type === NUMBERS.float && (size === 4 || size === 8))
  if (shape === null || !isNumber || others !== undefined) {
    throw badFile({
      source,
      found: others === undefined ? 'values that are no usual numbers' : 'an array that lies in other files',
      expected: 'an array of whole numbers, booleans, float32 or float64',
    })
  }
  const bytes = product(shape) * size
  if (bytes <= fileBytes * (filters.length === 0 ? 1 : STRONGEST_PACKING)) return shape
  throw badFile({
    source,
    found: `a shape [${shape.join(', ')}] of ${bytes} bytes, in a file of ${fileBytes},`,
    expected: 'no more than the file can hold',
  })
}

function ofGroup(library: typeof Library, group: Group, source: string, fileBytes: number): Hdf5Array {
  const keys = attempt(source, () => leavesOf(library, group, source)).sort(inNaturalOrder)
  const [firstKey] = keys
  if (firstKey === undefined)
    throw badFile({ source, found: 'an empty group', expected: 'an array a sample' })
  const sized = (key: string) => {
    const at = `${source}/${key}`
    const dataset = attempt(at, () => group.get(key))
    if (!(dataset instanceof library.Dataset))
      throw badFile({ source: at, found: 'no array', expected: 'one' })
    return { at, dataset, shape: sizesOf(dataset, at, fileBytes) }
  }
  const row = sized(firstKey).shape
  const read = (key: string) => {
    const { at, dataset, shape } = sized(key)
    if (shape.join() === row.join()) return attempt(at, () => numbersOf(dataset.value, product(row), at))
    throw badFile({
      ...{ source: at, found: `the shape [${shape.join(', ')}]` },
      expected: `[${row.join(', ')}] as in ${firstKey}: all samples of one size`,
      advice: 'Import samples of each size as a project of its own.',
    })
  }
  return {
    ...{ source, count: keys.length, row, keys },
    read(first, count) {
      const values = new Float64Array(count * product(row))
      keys.slice(first, first + count).forEach((key, index) => values.set(read(key), index * product(row)))
      return values
    },
  }
}

/** Names of all arrays below a group, e.g. `cat/1.png`. */
function leavesOf(library: typeof Library, group: Group, source: string, prefix = '', depth = 0): string[] {
  const found: string[] = []
  for (const name of group.keys()) {
    const entity = entityOf(library, group, name, `${source}/${prefix}${name}`)
    if (entity instanceof library.Group) {
      if (depth < MOST.depth) found.push(...leavesOf(library, entity, source, `${prefix}${name}/`, depth + 1))
    } else found.push(`${prefix}${name}`)
    if (found.length > MOST.rows)
      throw badFile({ source, found: 'too many arrays', expected: `up to ${MOST.rows}` })
  }
  return found
}

const { compare: inNaturalOrder } = new Intl.Collator('en', { numeric: true })

function numbersOf(data: unknown, length: number, source: string): Float32Array | Float64Array {
  if (data instanceof Float32Array && data.length === length) return data
  const values = Float64Array.from(
    Array.isArray(data) || ArrayBuffer.isView(data) ? (data as unknown as ArrayLike<unknown>) : [data],
    Number,
  )
  if (values.length === length) return values
  throw badFile({ source, found: `${values.length} values`, expected: `${length} values` })
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total * size, 1)
}
