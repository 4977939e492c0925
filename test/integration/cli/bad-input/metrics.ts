import { writeNpy } from '../../../../src/engine/exchange/npy.ts'
import { wholeNumbers } from './arrays.ts'
import type { Place } from './place.ts'
import type { BadInput } from './refusal.ts'

const MARKS = wholeNumbers([2, 3], [1, 1, 0, 0, 1, 1])

/** Two maps of 2 x 6 pixels. */
function relevance(change: (data: Float64Array) => void = () => undefined, shape = [2, 2, 6]): Uint8Array {
  const data = Float64Array.from({ length: 24 }, (_, pixel) => pixel)
  change(data)
  return writeNpy({ dtype: 'float64', shape, data })
}

const BOX = { row: 0, column: 0, height: 2, width: 2 }
const list = (...boxes: object[]) =>
  boxes.map((box, index) => ({ name: `item ${index}`, box: { ...BOX, ...box } }))

interface Files {
  maps?: Uint8Array
  marks?: Uint8Array
  regions?: unknown
}

const metrics =
  ({ maps = relevance(), marks = MARKS, regions }: Files) =>
  (place: Place): string[] => {
    const files = ['--maps', place.put('R.npy', maps), '--marks', place.put('M.npy', marks)]
    if (regions === undefined) return ['metrics', ...files]
    const text = typeof regions === 'string' ? regions : JSON.stringify(regions)
    return ['metrics', ...files, '--regions', place.put('regions.json', text)]
  }

type Row = [name: string, files: Files, found: string | RegExp, expected: string, advice: string]

const FEWER = { maps: relevance(), marks: wholeNumbers([1, 3], [1, 1, 0]) }

const ROWS: readonly Row[] = [
  [
    'maps with NaN',
    { maps: relevance((data) => (data[13] = NaN)) },
    'NaN at pixel 1 of map 1 in ',
    'finite relevance',
    'Compute this map again',
  ],
  [
    'maps with infinity',
    { maps: relevance((data) => (data[0] = Infinity)) },
    'Infinity at pixel 0 of map 0',
    'finite',
    'Compute',
  ],
  [
    'maps of whole numbers',
    { maps: wholeNumbers([2, 2, 6], new Array<number>(24).fill(1)) },
    'int32 of shape [2, 2, 6]',
    'float32 or float64',
    'as one array',
  ],
  [
    'a single map',
    { maps: relevance(undefined, [4, 6]) },
    'shape [4, 6]',
    '[N, rows, columns], N > 0',
    'as one array',
  ],
  [
    'damaged maps',
    { maps: relevance().subarray(0, 150) },
    '22 bytes of data',
    '192 for float64',
    'fresh copy',
  ],
  [
    'marks of fewer maps',
    FEWER,
    'marks for 1 maps',
    '2, one row of marks for each map',
    'belong to these maps',
  ],
  [
    'marks in one row',
    { marks: wholeNumbers([6], [1, 1, 0, 0, 1, 1]) },
    'shape [6]',
    'marks of shape [N, n]',
    'belong',
  ],
  ['marks for no region', { marks: wholeNumbers([2, 0], []) }, 'shape [2, 0]', 'n > 0', 'belong'],
  [
    'a mark of 2',
    { marks: wholeNumbers([2, 3], [1, 1, 0, 0, 2, 1]) },
    'the mark 2 of region 1 of map 1',
    '0 or 1',
    'with 1, all others with 0',
  ],
  [
    'marks that do not divide the columns',
    { marks: wholeNumbers([2, 4], [1, 1, 0, 0, 1, 1, 0, 0]) },
    '4 marks for maps of 6 columns',
    'divides the columns',
    'one mark an item',
  ],
  [
    'regions that are no JSON',
    { regions: '[{"name": ' },
    'no JSON in ',
    '[{"name"',
    'Correct the regions file',
  ],
  [
    'regions without a box',
    { regions: [{ name: 'left' }] },
    'something else at 0.box',
    'an object with fields there',
    'Correct the regions file',
  ],
  [
    'regions with a field of nobody',
    { regions: list({}, {}, { depth: 1 }).map((region) => ({ ...region, mark: 1 })) },
    'something else at ',
    "no 'mark'",
    'Correct',
  ],
  [
    'a box with a fraction',
    { regions: list({}, {}, { width: 1.5 }) },
    'something else at 2.box.width',
    'a whole number',
    'rows and columns count from 0',
  ],
  [
    'fewer regions than marks',
    { regions: list({}, {}) },
    '2 regions in list 0',
    '3, one for each mark',
    'Correct',
  ],
  [
    'lists of regions for other maps',
    { regions: [list({}, {}, {}), list({}, {}, {}), list({}, {}, {})] },
    '3 lists of regions',
    'one, or 2',
    'Correct',
  ],
  [
    'a region that leaves the map',
    { regions: list({}, {}, { column: 5 }) },
    "region 'item 2' with the box {",
    'a map of 2 rows and 6 columns',
    'count from 0',
  ],
]

export const METRICS: readonly BadInput[] = ROWS.map(([name, files, found, expected, advice], index) => {
  const json = index % 6 === 0 ? { json: true as const } : {}
  return { name, args: metrics(files), exit: 2, found, expected, advice, ...json }
})
