import type { StoredSample } from '../../workspace/samples.ts'
import type { SetContext } from '../audited-set-context.ts'
import { createHdf5File, type GrowingArray, type Hdf5File } from './hdf5-file.ts'
import { labelName, samplePages, type SampleRow } from './rows.ts'

/** ViRelAy shows pictures in colour alone. */
const CHANNELS = 3
/** Classes that a label map has at least: those of digits. */
const FEWEST_CLASSES = 10

/** Inputs of one size and data set, which one file holds. */
export interface InputFile {
  /** HDF5 with `data` and `label`. */
  path: string
  /** JSON with what each class is called. */
  labels: string
  dataset: string
  rows: number
  columns: number
}

/** Where an input stands. */
export interface InputPlace {
  file: InputFile
  /** Its row in the file. */
  index: number
}

interface OpenInputs {
  file: InputFile
  hdf5: Hdf5File
  data: GrowingArray
  first: SampleRow
  classes: number[]
}

/** Writes the inputs with their labels, in a file for each size and data set. @returns where each sample stands */
export async function writeInputFiles(context: SetContext): Promise<Map<number, InputPlace>> {
  const open = new Map<string, OpenInputs>()
  const places = new Map<number, InputPlace>()
  try {
    for (const page of samplePages(context)) {
      for (const row of page) {
        const { sample, set } = row
        const names = JSON.stringify(set.source.classNames ?? null)
        const key = `${set.dataset} ${sample.rows} ${sample.columns} ${names}`
        const inputs = open.get(key) ?? (await begin(context, open.size + 1, row))
        open.set(key, inputs)
        places.set(sample.id, { file: inputs.file, index: inputs.classes.length })
        inputs.data.append(coloured(sample))
        inputs.classes.push(sample.label)
      }
    }
    for (const { hdf5, classes } of open.values())
      hdf5.array('label', Uint16Array.from(classes), [classes.length])
  } finally {
    for (const { hdf5 } of open.values()) hdf5.close()
  }
  for (const inputs of open.values()) await writeLabels(context, inputs)
  return places
}

async function begin(context: SetContext, number: number, first: SampleRow): Promise<OpenInputs> {
  const { rows, columns } = first.sample
  const suffix = number === 1 ? '' : `-${number}`
  const file: InputFile = {
    ...{ path: `input${suffix}.h5`, labels: `label-map${suffix}.json`, dataset: first.set.dataset },
    ...{ rows, columns },
  }
  const hdf5 = await createHdf5File(await context.folder.place(file.path))
  const data = hdf5.growing('data', [rows, columns, CHANNELS])
  return { file, hdf5, data, first, classes: [] }
}

/** rows x columns x 3: as it is, or its first channel three times. */
function coloured({ input, rows, columns, channels }: StoredSample): Float32Array {
  if (channels === CHANNELS) return input
  return Float32Array.from(
    { length: rows * columns * CHANNELS },
    (_, index) => input[Math.floor(index / CHANNELS) * channels] ?? 0,
  )
}

async function writeLabels({ folder }: SetContext, { file, first, classes }: OpenInputs): Promise<void> {
  const count = Math.max(FEWEST_CLASSES, ...classes.map((label) => label + 1))
  const labels = Array.from({ length: count }, (_, index) => ({
    index,
    word_net_id: categoryOf(index),
    name: labelName(first.set, index),
  }))
  await folder.write(file.labels, `${JSON.stringify(labels, null, 2)}\n`)
}

/** What an analysis calls the maps of a label. */
export function categoryOf(label: number): string {
  return `class-${label}`
}
