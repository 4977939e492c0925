import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import h5wasm from 'h5wasm/node'
import { values } from './array-fixture.ts'

/** An array of an HDF5 file. */
export interface Hdf5Values {
  shape: number[]
  data: Float32Array | Int32Array | Uint8Array
}
/** What an HDF5 file holds, by path, e.g. `data/cat/1`. */
export type Hdf5Content = Record<string, Hdf5Values>
export type VirelayFiles = Record<string, Hdf5Content | string | Uint8Array>

export const floats = (shape: number[], data: Float32Array): Hdf5Values => ({ shape, data })
export const numbers = (data: number[], shape = [data.length]): Hdf5Values => ({
  shape,
  data: Int32Array.from(data),
})

/** 4 inputs of 2 channels, 3 rows and 5 columns, as ViRelAy has them; the first has no map. */
export const INPUTS = 4
export const SHAPE = [2, 3, 5] as const
export const SIZE = 30
const LOGITS = [5, 1, 0, 0, 4, 1, 0, 1, 6]

export const PROJECT = {
  name: 'Cats',
  model: 'vgg16',
  label_map: 'label-map.json',
  dataset: { name: 'pets', type: 'hdf5', path: 'inputs.h5', input_width: 5, input_height: 3 },
  attributions: {
    attribution_method: 'LRP Epsilon Gamma Box',
    attribution_strategy: 'true_label',
    sources: ['attributions.h5'],
  },
}

export function projectFile(change: object = {}): string {
  return JSON.stringify({ project: { ...PROJECT, ...change } })
}

export const LABEL_MAP = JSON.stringify([
  { index: 0, word_net_id: 'n0', name: 'cat' },
  { index: 2, name: 'övrig' },
])

/** The layout of ViRelAy's own example: one array each. */
export function arrayLayout(): Record<'inputs.h5' | 'attributions.h5', Hdf5Content> {
  return {
    'inputs.h5': {
      data: floats([INPUTS, ...SHAPE], values(INPUTS * SIZE)),
      label: numbers([1, 0, 1, 2]),
    },
    'attributions.h5': {
      attribution: floats(
        [3, ...SHAPE],
        values(3 * SIZE, 2).map((value) => value - 0.5),
      ),
      index: numbers([1, 2, 3]),
      label: numbers([0, 1, 2]),
      prediction: floats([3, 3], Float32Array.from(LOGITS)),
    },
  }
}

export function virelayFiles(): VirelayFiles {
  return { 'project.yaml': projectFile(), 'label-map.json': LABEL_MAP, ...arrayLayout() }
}

/** The same in groups, with the names of the samples. */
export function groupLayout(): Record<'inputs.h5' | 'attributions.h5', Hdf5Content> {
  const names = ['dog/3', 'cat/10', 'cat/2', 'bird/1']
  const { 'inputs.h5': inputs, 'attributions.h5': maps } = arrayLayout()
  const named = (name: string, own: Hdf5Values | undefined, row: number[], samples: readonly string[]) =>
    samples.map((sample, index): [string, Hdf5Values] => {
      const size = row.reduce((product, length) => product * length, 1)
      return [
        `${name}/${sample}`,
        { shape: row, data: own?.data.slice(index * size, (index + 1) * size) ?? new Float32Array() },
      ]
    })
  const explained = names.slice(1)
  return {
    'inputs.h5': Object.fromEntries([
      ...named('data', inputs['data'], [...SHAPE], names),
      ...named('label', inputs['label'], [1], names),
    ]),
    'attributions.h5': Object.fromEntries([
      ...named('attribution', maps['attribution'], [...SHAPE], explained),
      ...named('label', maps['label'], [1], explained),
      ...named('prediction', maps['prediction'], [3], explained),
    ]),
  }
}

/** Writes files into a new folder. */
export async function writeVirelay(folder: string, files: VirelayFiles): Promise<string> {
  await h5wasm.ready
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    if (typeof content === 'string' || content instanceof Uint8Array) writeFileSync(file, content)
    else writeHdf5(file, content)
  }
  return folder
}

export function writeHdf5(path: string, content: Hdf5Content): void {
  const file = new h5wasm.File(path, 'w')
  try {
    for (const [name, { shape, data }] of Object.entries(content)) {
      const parts = name.split('/')
      parts.slice(0, -1).forEach((_, depth) => {
        const group = parts.slice(0, depth + 1).join('/')
        if (file.get(group) === null) file.create_group(group)
      })
      file.create_dataset({ name, data, shape })
    }
  } finally {
    file.close()
  }
}

export const ANALYSES = [{ analysis_method: 'Spectral', sources: ['analysis.h5'] }]

/** One category with all maps, not in their order: two clusterings and two embeddings, as ViRelAy's database specification says. */
export function analysis(change: Hdf5Content = {}): Hdf5Content {
  return {
    'all/index': numbers([3, 1, 2]),
    'all/cluster/kmeans-2': numbers([1, 0, 1]),
    'all/cluster/dbscan': numbers([-1, 4, 4]),
    'all/embedding/tsne': floats([3, 2], Float32Array.of(9, 8, 1, 2, 9, 7)),
    'all/embedding/spectral': floats([3, 3], values(9)),
    ...change,
  }
}

/** The project with an analysis of its maps, and names for all of its classes, which ViRelAy itself asks for. */
export function analysedFiles(content: Hdf5Content = analysis()): VirelayFiles {
  const classes = ['cat', 'dog', 'övrig'].map((name, index) => ({ index, word_net_id: `n${index}`, name }))
  return {
    ...virelayFiles(),
    'project.yaml': projectFile({ analyses: ANALYSES }),
    'label-map.json': JSON.stringify(classes),
    'analysis.h5': content,
  }
}
