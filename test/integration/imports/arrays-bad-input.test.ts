import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { describe, test } from 'vitest'
import { npyHeader } from '../../../src/engine/exchange/npy-header.ts'
import { writeNpy } from '../../../src/engine/exchange/npy.ts'
import type { ImportOptions } from '../../../src/shared/contract/imports.ts'
import { importEngine } from './import-engine.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import {
  arrayFiles,
  COLUMNS,
  COUNT,
  float32,
  int32,
  ROWS,
  values,
  writeFolder,
  type Files,
} from './array-fixture.ts'

const root = temporaryFolder()
const { expectRefused } = importEngine(root)

const shape = [COUNT, ROWS, COLUMNS]
const length = COUNT * ROWS * COLUMNS
const bytes = (text: string) => new TextEncoder().encode(text)
const map = () => writeNpy(float32(shape, values(length)))

/** A header that NumPy could write, with other words in it, before so many bytes of data. */
function npyWith(dictionary: string, data: number): Uint8Array {
  const header = npyHeader('float32', shape)
  const text = `${dictionary.padEnd(header.length - 11)}\n`
  return Buffer.concat([header.subarray(0, 10), bytes(text), new Uint8Array(data)])
}

interface Case {
  name: string
  /** What differs from sound arrays; null: the file is not there. */
  change: Record<string, Files[string] | null>
  options?: ImportOptions
  says: RegExp
}

const changedAt = (index: number, value: number) => {
  const changed = values(length)
  changed[index] = value
  return float32(shape, changed)
}
const region = (box: object, more: object = {}) => ({
  name: 'left',
  box: { row: 0, column: 0, height: 1, width: 1, ...box },
  ...more,
})

/** Takes away what only maps have. */
const ALONE: Case['change'] = { 'logits.npy': null, 'maps/ig.npy': null, 'maps/shap.npy': null }

const CASES: readonly Case[] = [
  {
    name: 'a truncated array',
    change: { 'maps/ig.npy': map().subarray(0, 300) },
    says: /172 bytes of data in .*ig\.npy; expected 576/,
  },
  {
    name: 'bytes after the array',
    change: { 'maps/ig.npy': Buffer.concat([map(), bytes('more')]) },
    says: /580 bytes of data/,
  },
  {
    name: 'a wrong magic',
    change: { 'maps/ig.npy': bytes('PK\x03\x04 this is no array, whatever it is called') },
    says: /without a complete \.npy start/,
  },
  { name: 'an empty file', change: { 'labels.npy': new Uint8Array() }, says: /0 bytes without a complete/ },
  {
    name: 'a pickle of objects',
    change: { 'inputs.npy': npyWith("{'descr': '|O', 'fortran_order': False, 'shape': (6, 4, 6), }", 576) },
    says: /values of type '\|O'/,
  },
  {
    name: 'values of 16 bits',
    change: { 'inputs.npy': npyWith("{'descr': '<f2', 'fortran_order': False, 'shape': (6, 4, 6), }", 288) },
    says: /'<f2'.*astype/s,
  },
  {
    name: 'columns before rows in memory',
    change: { 'inputs.npy': npyWith("{'descr': '<f4', 'fortran_order': True, 'shape': (6, 4, 6), }", 576) },
    says: /Fortran order/,
  },
  {
    name: '4 GB that a header claims',
    change: {
      'inputs.npy': npyWith("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000, 32, 32), }", 576),
    },
    says: /576 bytes of data .*expected 4096000000/,
  },
  {
    name: 'NaN in an input',
    change: { 'inputs.npy': changedAt(50, NaN) },
    says: /NaN in row 2 of .*inputs\.npy, at value 2/,
  },
  {
    name: 'infinity in a map',
    change: { 'maps/shap.npy': changedAt(143, -Infinity) },
    says: /-Infinity in row 5 of .*shap\.npy, at value 23/,
  },
  {
    name: 'a number beyond float32',
    change: { 'maps/ig.npy': { dtype: 'float64', shape, data: new Float64Array(length).fill(1e39) } },
    says: /Infinity in row 0/,
  },
  {
    name: 'NaN in a logit',
    change: { 'logits.npy': float32([COUNT, 3], new Float32Array(18).fill(NaN)) },
    says: /NaN in row 0 of .*logits/,
  },
  { name: 'no inputs', change: { 'inputs.npy': null }, says: /no inputs/ },
  { name: 'no labels', change: { 'labels.npy': null }, says: /no labels/ },
  { name: 'no answers of the network', change: { 'logits.npy': null }, says: /no predictions or logits/ },
  {
    name: 'no maps',
    change: { 'maps/ig.npy': null, 'maps/shap.npy': null },
    says: /no maps.*images without maps/,
  },
  {
    name: 'images without maps and labels',
    change: { ...ALONE, 'labels.npy': null },
    says: /no labels.*inputs\.npy and labels\.npy alone/,
  },
  {
    name: 'images without maps with explained classes',
    change: { ...ALONE, 'explained.npy': int32([COUNT], [0, 1, 2, 0, 1, 2]) },
    says: /explained\.npy without maps.*Leave it out/,
  },
  {
    name: 'images without maps with what maps are signed by',
    change: { ...ALONE, 'about.json': '{"signs": {"ig": "signed"}}' },
    says: /option 'signs' for images without maps/,
  },
  ...([{ model: 'net' }, { tool: 'captum' }, { mapLayout: 'nhw' }, { explains: 'label' }] as const).map(
    (options): Case => ({
      name: `images without maps with the option ${Object.keys(options).join()}`,
      change: ALONE,
      options,
      says: new RegExp(`option '${Object.keys(options).join()}' for images without maps`),
    }),
  ),
  {
    name: 'images without maps with NaN in one',
    change: { ...ALONE, 'inputs.npy': changedAt(50, NaN) },
    says: /NaN in row 2 of .*inputs\.npy/,
  },
  {
    name: 'images without maps with too few names of classes',
    change: ALONE,
    options: { classNames: ['cat', 'dog'] },
    says: /2 names for classes up to 2/,
  },
  {
    name: 'images without maps with a region that leaves them',
    change: { ...ALONE, 'regions.json': JSON.stringify([region({ column: 5, width: 3 })]) },
    says: /region 'left' .* of sample 0/,
  },
  {
    name: 'another number of labels',
    change: { 'labels.npy': int32([5], [0, 1, 2, 0, 1]) },
    says: /shape \[5\] .*expected \[6\]/,
  },
  {
    name: 'labels as columns of a table',
    change: { 'labels.npy': int32([COUNT, 2], new Array<number>(12).fill(0)) },
    says: /shape \[6, 2\]/,
  },
  {
    name: 'a label that is no class',
    change: { 'labels.npy': int32([COUNT], [0, 1, -1, 0, 1, 2]) },
    says: /-1 in row 2 of .*labels/,
  },
  {
    name: 'half a label',
    change: { 'labels.npy': float32([COUNT], Float32Array.of(0, 1, 2, 0, 1.5, 2)) },
    says: /1\.5 at index 4/,
  },
  {
    name: 'maps of another size',
    change: { 'maps/ig.npy': float32([COUNT, 2, COLUMNS], values(72)) },
    says: /shape \[6, 2, 6\] .*expected .*\[6, 4, 6\]/,
  },
  {
    name: 'one map too few',
    change: { 'maps/ig.npy': float32([5, ROWS, COLUMNS], values(120)) },
    says: /shape \[5, 4, 6\]/,
  },
  {
    name: 'inputs without rows',
    change: { 'inputs.npy': float32([COUNT, 24], values(length)) },
    says: /shape \[6, 24\]/,
  },
  {
    name: 'inputs that are too large',
    change: {
      'inputs.npy': float32([1, 1, 1025], values(1025)),
      'labels.npy': int32([1], [0]),
      'logits.npy': float32([1, 3], values(3)),
    },
    says: /up to 1024 x 1024/,
  },
  {
    name: 'no input at all',
    change: { 'inputs.npy': float32([0, 4, 6], new Float32Array()) },
    says: /shape \[0, 4, 6\]/,
  },
  {
    name: 'channels that may stand in two places',
    change: { 'inputs.npy': float32([COUNT, 4, 6, 3], values(432)) },
    says: /--input-layout nhwc or/,
  },
  {
    name: 'a layout that was said and does not fit',
    change: {},
    options: { mapLayout: 'nhwc' },
    says: /said to be N x rows x columns x channels/,
  },
  {
    name: 'a range that was said and does not hold',
    change: {},
    options: { inputRange: [0.5, 1] },
    says: /said to be in \[0\.5, 1\]/,
  },
  {
    name: 'too few names of classes',
    change: {},
    options: { classNames: ['cat', 'dog'] },
    says: /2 names for classes up to 2/,
  },
  {
    name: 'two files of labels',
    change: { 'y.npy': int32([COUNT], [0, 1, 2, 0, 1, 2]) },
    says: /labels\.npy and y\.npy, which are both labels/,
  },
  { name: 'the same method twice', change: { 'maps_ig.npy': map() }, says: /both maps of ig/ },
  {
    name: 'a method with a name that is none',
    change: { 'maps/inté grated.npy': map() },
    says: /maps called 'inté grated'.*letters, digits/s,
  },
  { name: 'regions that are no JSON', change: { 'regions.json': '[{"name": ' }, says: /no JSON/ },
  {
    name: 'a region without a width',
    change: { 'regions.json': JSON.stringify([{ name: 'a', box: { row: 0, column: 0, height: 1 } }]) },
    says: /0\.box\.width/,
  },
  {
    name: 'a region that leaves the map',
    change: { 'regions.json': JSON.stringify([region({ column: 5, width: 3 })]) },
    says: /region 'left' .* of sample 0/,
  },
  {
    name: 'regions of too few samples',
    change: { 'regions.json': JSON.stringify([[region({})], [region({})]]) },
    says: /2 lists of regions .*expected one, or 6/,
  },
  {
    name: 'two regions of one name',
    change: { 'regions.json': JSON.stringify([region({}), region({ column: 2 })]) },
    says: /two regions 'left' of sample 0/,
  },
  {
    name: 'a sample without a region',
    change: { 'regions.json': null, 'regions.csv': 'sample,name,row,column,height,width\n0,a,0,0,1,1\n' },
    says: /no region of sample 1/,
  },
  {
    name: 'a table with a sample that is not there',
    change: {
      'regions.json': null,
      'regions.csv': 'sample,name,row,column,height,width\n0,a,0,0,1,1\n6,a,0,0,1,1\n',
    },
    says: /sample '6' in line 3/,
  },
  {
    name: 'a table with a word for a number',
    change: { 'regions.json': null, 'regions.csv': 'sample,name,row,column,height,width\n0,a,zero,0,1,1\n' },
    says: /'box\.row' in line 2/,
  },
  {
    name: 'a table with a line that is too short',
    change: { 'regions.json': null, 'regions.csv': 'sample,name,row,column,height,width\n0,a\n' },
    says: /no table .*line 2/s,
  },
  {
    name: 'regions twice',
    change: { 'regions.csv': 'sample,name,row,column,height,width\n' },
    says: /regions in regions\.json and regions\.csv/,
  },
  {
    name: 'an empty mask',
    change: { 'regions.json': null, 'regions.npy': int32(shape, new Array<number>(length).fill(0)) },
    says: /an empty mask of sample 0/,
  },
  {
    name: 'a mask with a negative region',
    change: { 'regions.json': null, 'regions.npy': int32(shape, new Array<number>(length).fill(-1)) },
    says: /-1 in the mask of sample 0/,
  },
  {
    name: 'marks for other regions',
    change: { 'marks.npy': int32([COUNT, 3], new Array<number>(18).fill(1)) },
    says: /2 regions of sample 0 for 3 marks/,
  },
  {
    name: 'a mark of 2',
    change: { 'marks.npy': int32([COUNT, 2], [1, 0, 1, 2, 1, 0, 1, 0, 1, 0, 1, 0]) },
    says: /mark 2 of region 1 in row 1/,
  },
  {
    name: 'marks without regions',
    change: { 'regions.json': null, 'marks.npy': int32([COUNT, 2], new Array<number>(12).fill(1)) },
    says: /marks without regions/,
  },
  {
    name: 'a name twice',
    change: { 'names.txt': 'a\nb\nc\na\ne\nf\n' },
    says: /the name 'a' in lines 1 and 4/,
  },
  { name: 'too few names', change: { 'names.txt': 'a\nb\n' }, says: /2 names in .*expected 6/ },
  {
    name: 'names that are no UTF-8',
    change: { 'names.txt': Uint8Array.of(0xff, 0xfe, 0x00) },
    says: /not UTF-8/,
  },
  {
    name: 'an about.json with a word that is none',
    change: { 'about.json': '{"modle": "x"}' },
    says: /no 'modle'/,
  },
]

let folders = 0
function madeOf({ change }: Case): string {
  const files: Files = {}
  for (const [path, content] of Object.entries({ ...arrayFiles(), ...change }))
    if (content !== null) files[path] = content
  return writeFolder(join(root, `case-${(folders += 1)}`), files)
}

describe('arrays are refused whole, with what was found and where', () => {
  test.each(CASES)('$name', (row) => expectRefused(madeOf(row), row.says, row.options))

  const packed = () =>
    Object.fromEntries(
      Object.entries(arrayFiles()).map(([path, content]) => [
        path,
        typeof content === 'string'
          ? bytes(content)
          : content instanceof Uint8Array
            ? content
            : writeNpy(content),
      ]),
    )
  const npz = (name: string, content: Uint8Array) => {
    const path = join(root, `${name}.npz`)
    writeFileSync(path, content)
    return path
  }

  test('an .npz that is no zip, that ends early, and that was damaged inside', async () => {
    const whole = zipSync(packed(), { level: 0 })
    await expectRefused(npz('text', bytes('no zip at all')), /no directory at the end/)
    await expectRefused(npz('cut', whole.subarray(0, whole.length - 200)), /no directory at the end/)
    const deflated = zipSync(packed(), { level: 9 })
    const at = Buffer.from(deflated).indexOf('maps/shap.npy') + 'maps/shap.npy'.length + 20
    deflated.fill(0x55, at, at + 40)
    await expectRefused(npz('damaged', deflated), /cannot be unpacked|without a complete|bytes more/)
  })

  test('an .npz that would unpack to more than it says, or leads out of its folder', async () => {
    const bomb = Buffer.from(
      zipSync({ ...packed(), 'maps/bomb.npy': new Uint8Array(50_000_000) }, { level: 9 }),
    )
    const entry = bomb.lastIndexOf('maps/bomb.npy') - 46
    bomb.writeUInt32LE(704, entry + 24)
    await expectRefused(npz('bomb', bomb), /without a complete \.npy start|cannot be unpacked/)
    await expectRefused(
      npz('outside', zipSync({ ...packed(), 'maps/../../evil.npy': map() })),
      /a path that leads out/,
    )
  })

  test('an array that is a link', async () => {
    const folder = madeOf({ name: '', change: { 'labels.npy': null }, says: /x/ })
    symlinkSync('/etc/passwd', join(folder, 'labels.npy'))
    await expectRefused(folder, /a link: "labels\.npy"/)
  })

  test('what is none of the formats', async () => {
    const path = join(root, 'maps.txt')
    writeFileSync(path, 'text')
    await expectRefused(path, /none of the formats/)
  })
})
