import { inUsualOrder } from '../../shared/methods.ts'
import { ARCHITECTURE_NAMES, parseArchitectureKey } from '../../shared/names.ts'
import type { CodedColumn } from '../review/coded-column.ts'

/** The maps that a figure draws, in columns, one entry a map. A million of them take 30 MB. */
export interface FigureMaps {
  count: number
  mapIds: Uint32Array
  sampleIds: Uint32Array
  /** The base sequence that a map explains; maps of one sequence are not independent. */
  sequences: Uint32Array
  /** Largest of `sequences`, plus one. */
  sequenceRoom: number
  dataset: CodedColumn<string>
  architecture: CodedColumn<string>
  method: CodedColumn<string>
  fold: CodedColumn<number>
  /** Label of the sample. */
  label: CodedColumn<number>
  /** Where each map's items begin and end in `shares`, `sharesPositive` and `marks`. */
  starts: Uint32Array
  ends: Uint32Array
  shares: Float64Array
  sharesPositive: Float64Array
  marks: Uint8Array
  /** Largest absolute value of a pixel. */
  peaks: Float64Array
  /** Stored values of a metric without tau; NaN where it is undefined. */
  stored: (metric: string) => Float64Array
}

/** All maps of one data set, architecture and method. */
export interface Cell {
  dataset: string
  architecture: string
  method: string
  /** Indices of its maps. */
  rows: Uint32Array
}

/** The maps by data set, architecture and method, in the order of figures; without maps none. */
export function cellsOf(maps: FigureMaps, isWanted: (index: number) => boolean = () => true): Cell[] {
  const { dataset, architecture, method, count } = maps
  const [architectures, methods] = [architecture.values.length, method.values.length]
  const keyOf = (index: number) =>
    ((dataset.codes[index] ?? 0) * architectures + (architecture.codes[index] ?? 0)) * methods +
    (method.codes[index] ?? 0)
  const sizes = new Uint32Array(dataset.values.length * architectures * methods)
  const add = (key: number) => {
    const next = (sizes[key] ?? 0) + 1
    sizes[key] = next
    return next - 1
  }
  for (let index = 0; index < count; index += 1) if (isWanted(index)) add(keyOf(index))
  const rows = Array.from(sizes, (size) => new Uint32Array(size))
  sizes.fill(0)
  for (let index = 0; index < count; index += 1) {
    if (!isWanted(index)) continue
    const key = keyOf(index)
    const own = rows[key]
    if (own !== undefined) own[add(key)] = index
  }
  const cells = rows.flatMap((own, key): Cell[] => {
    if (own.length === 0) return []
    const rest = Math.floor(key / methods)
    return [
      {
        dataset: dataset.values[Math.floor(rest / architectures)] ?? '',
        architecture: architecture.values[rest % architectures] ?? '',
        method: method.values[key % methods] ?? '',
        rows: own,
      },
    ]
  })
  return inFigureOrder(cells)
}

function inFigureOrder(cells: readonly Cell[]): Cell[] {
  const methods = inUsualOrder(cells.map(({ method }) => method))
  return cells.toSorted(
    (a, b) =>
      Number(a.dataset > b.dataset) - Number(a.dataset < b.dataset) ||
      placeOf(a.architecture) - placeOf(b.architecture) ||
      methods.indexOf(a.method) - methods.indexOf(b.method),
  )
}

/** Architectures in their usual order, each followed by its forms with stationary dropout and with random labels. */
function placeOf(key: string): number {
  const kind = parseArchitectureKey(key)
  if (kind === null) return Infinity
  const { architecture, stationaryDropout, labels } = kind
  return (
    4 * ARCHITECTURE_NAMES.indexOf(architecture) + 2 * Number(labels === 'random') + Number(stationaryDropout)
  )
}
