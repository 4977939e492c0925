import { values } from '../../integration/imports/array-fixture.ts'
import {
  analysedFiles,
  floats,
  numbers,
  writeVirelay,
  type Hdf5Values,
} from '../../integration/imports/virelay-fixture.ts'

/** Maps of the project, and those of them that its analysis has. */
export const MAPS = 72
export const ANALYSED = 60
const SIDE = 16
/** Where the relevance of a cluster lies, and the cluster itself in the embedding. */
const CENTRES = [
  { row: 4, column: 4, place: [-8, 5] },
  { row: 11, column: 4, place: [6, 7] },
  { row: 8, column: 12, place: [1, -9] },
] as const

/** The cluster that the analysis puts a map in. */
export const clusterOf = (map: number) => map % CENTRES.length

/** Writes a project of ViRelAy whose maps lie in three places, with a clustering and an embedding that tell them apart. */
export async function writeAnalysedProject(folder: string): Promise<void> {
  const each = (count: number, of: (map: number) => number): Hdf5Values =>
    numbers(Array.from({ length: count }, (_, map) => of(map)))
  const noise = values(MAPS * SIDE * SIDE, 5)
  const heat = noise.map((value, at) => {
    const map = Math.floor(at / SIDE ** 2)
    const { row, column } = CENTRES[clusterOf(map)] ?? CENTRES[0]
    const [down, along] = [Math.floor((at % SIDE ** 2) / SIDE) - row, (at % SIDE) - column]
    return Math.exp(-(down ** 2 + along ** 2) / 6) + value / 8
  })
  const jitter = values(ANALYSED * 2, 9)
  const places = jitter.map((value, at) => {
    const { place } = CENTRES[clusterOf(Math.floor(at / 2))] ?? CENTRES[0]
    return (place[at % 2] ?? 0) + 4 * (value - 0.5)
  })
  await writeVirelay(folder, {
    ...analysedFiles({
      'all/index': each(ANALYSED, (map) => map),
      'all/cluster/kmeans-3': each(ANALYSED, clusterOf),
      'all/cluster/dbscan': each(ANALYSED, (map) => (map % 10 === 0 ? -1 : clusterOf(map))),
      'all/embedding/tsne': floats([ANALYSED, 2], places),
    }),
    'inputs.h5': {
      data: floats([MAPS, 1, SIDE, SIDE], values(MAPS * SIDE * SIDE)),
      label: each(MAPS, (map) => map % 3),
    },
    'attributions.h5': {
      attribution: floats([MAPS, 1, SIDE, SIDE], heat),
      ...{ label: each(MAPS, (map) => map % 3), index: each(MAPS, (map) => map) },
      prediction: floats([MAPS, 3], values(MAPS * 3)),
    },
  })
}
