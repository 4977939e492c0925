import { FAILURE_MODES } from '../../../shared/names.ts'
import { float32FromBlob } from '../../workspace/blobs.ts'
import { getPrediction } from '../../workspace/maps.ts'
import type { SetContext } from '../audited-set-context.ts'
import { mapFolder } from '../audited-set-layout.ts'
import type { MapRow } from '../audited-set-map-rows.ts'
import type { SelectedMap } from '../audited-set-selection.ts'
import type { Form } from './form.ts'
import { createHdf5File } from './hdf5-file.ts'
import { mapPages, mapVariant, selectedOf } from './rows.ts'
import { writeStoredAnalyses, type ListedAnalysis, type NumberedMap } from './virelay-analyses.ts'
import { categoryOf, writeInputFiles, type InputFile, type InputPlace } from './virelay-inputs.ts'

/** Clusters of the clustering `consensus`, by their number. */
const CONSENSUS = ['none', 'accept', 'fail', 'unsure', 'tie'] as const
/** The analysis by what reviewers say. */
const VERDICTS = 'Verdicts'
/** Axes that an embedding has at least. */
const FEWEST_AXES = 2

/** The maps of one model and method, as many as one project can hold: one of each input. */
interface Project {
  folder: string
  file: InputFile
  maps: SelectedMap[]
}

/** A map in the analysis of its project. */
interface Analysed extends NumberedMap {
  label: number
  consensus: number
  mode: number
  shares: readonly number[]
}

async function write(context: SetContext): Promise<void> {
  const places = await writeInputFiles(context)
  let done = 0
  for (const project of projectsOf(context, places)) {
    await writeProject(context, project, places, (maps) => {
      done += maps
      context.report(done, project.folder)
    })
  }
}

function projectsOf(context: SetContext, places: ReadonlyMap<number, InputPlace>): Project[] {
  const projects = new Map<string, Project>()
  for (const page of mapPages(context)) {
    for (const row of page) {
      const map = selectedOf(row)
      const { file } = placeOf(places, map.sampleId)
      const variant = mapVariant(row).replaceAll(' ', '-')
      const folder = `projects/${mapFolder(map, context)}${variant}${file.path.replace(/^input|\.h5$/g, '')}`
      const project = projects.get(folder) ?? { folder, file, maps: [] }
      project.maps.push(map)
      projects.set(folder, project)
    }
  }
  return [...projects.values()].sort((a, b) => (a.folder < b.folder ? -1 : 1))
}

async function writeProject(
  context: SetContext,
  { folder, file, maps }: Project,
  places: ReadonlyMap<number, InputPlace>,
  report: (maps: number) => void,
): Promise<void> {
  const hdf5 = await createHdf5File(await context.folder.place(`${folder}/attribution.h5`))
  const analysed: Analysed[] = []
  let first: MapRow | undefined
  try {
    const attribution = hdf5.growing('attribution', [file.rows, file.columns, 1])
    const logits = new Map<number, Float32Array>()
    for (const page of mapPages(context, maps)) {
      for (const row of page) {
        first ??= row
        const { modelId, sampleId } = row.map
        attribution.append(row.values())
        const answer = getPrediction(context.database, modelId, sampleId)
        if (answer !== undefined) logits.set(analysed.length, float32FromBlob(answer.logits))
        analysed.push(analyse(row, placeOf(places, sampleId).index))
      }
      report(page.length)
    }
    const count = analysed.length
    const classes = Math.max(1, ...[...logits.values()].map(({ length }) => length))
    const prediction = new Float32Array(count * classes).fill(Number.NaN)
    for (const [row, values] of logits) prediction.set(values, row * classes)
    hdf5.array('prediction', prediction, [count, classes])
    hdf5.array(
      'index',
      Int32Array.from(analysed, ({ index }) => index),
      [count],
    )
    hdf5.array(
      'label',
      Uint16Array.from(analysed, ({ label }) => label),
      [count],
    )
  } finally {
    hdf5.close()
  }
  await writeAnalysis(context, `${folder}/analysis.h5`, analysed)
  const stored = await writeStoredAnalyses(context, folder, analysed, [VERDICTS])
  if (first !== undefined)
    await context.folder.write(`${folder}/project.yaml`, projectFile(context, file, first, stored))
}

/** @param index of its input, which ViRelAy takes as the number of the map */
function analyse({ map, label, consensus }: MapRow, index: number): Analysed {
  const [mode] = consensus.modes
  return {
    ...{ mapId: map.id, index },
    label,
    consensus: CONSENSUS.indexOf(consensus.consensus),
    mode: mode === undefined ? 0 : FAILURE_MODES.indexOf(mode) + 1,
    shares: map.shares,
  }
}

/** A category for each label, as ViRelAy's own analyses have; clusters are what reviewers say, axes the shares of regions. */
async function writeAnalysis(context: SetContext, path: string, maps: readonly Analysed[]): Promise<void> {
  const hdf5 = await createHdf5File(await context.folder.place(path))
  const axes = Math.max(FEWEST_AXES, ...maps.map(({ shares }) => shares.length))
  try {
    const byLabel = [...Map.groupBy(maps, ({ label }) => label)].sort(([a], [b]) => a - b)
    for (const [label, members] of byLabel) {
      const category = categoryOf(label)
      for (const group of [category, `${category}/cluster`, `${category}/embedding`]) hdf5.group(group)
      const numbers = (of: (map: Analysed) => number) => Int32Array.from(members, of)
      const shares = members.flatMap((map) =>
        Array.from({ length: axes }, (_, axis) => map.shares[axis] ?? 0),
      )
      hdf5.array(
        `${category}/index`,
        numbers(({ index }) => index),
        [members.length],
      )
      hdf5.array(
        `${category}/cluster/consensus`,
        numbers(({ consensus }) => consensus),
        [members.length],
      )
      hdf5.array(
        `${category}/cluster/failure_mode`,
        numbers(({ mode }) => mode),
        [members.length],
      )
      hdf5.array(`${category}/embedding/region_shares`, Float64Array.from(shares), [members.length, axes])
    }
  } finally {
    hdf5.close()
  }
}

/** The project, as JSON, which YAML is a superset of. */
function projectFile(
  { request }: SetContext,
  file: InputFile,
  { model, map }: MapRow,
  stored: readonly ListedAnalysis[],
): string {
  const project = {
    name: `${request.name}: ${model}, ${map.method}${mapVariant({ map })}`,
    model,
    label_map: `../../../${file.labels}`,
    dataset: {
      ...{ name: file.dataset, type: 'hdf5', path: `../../../${file.path}` },
      ...{ input_width: file.columns, input_height: file.rows },
      ...{ down_sampling_method: 'none', up_sampling_method: 'none' },
    },
    attributions: {
      attribution_method: map.method,
      attribution_strategy: map.targetKind === 'predicted' ? 'predicted_label' : 'true_label',
      sources: ['attribution.h5'],
    },
    analyses: [{ analysis_method: VERDICTS, sources: ['analysis.h5'] }, ...stored],
  }
  return `${JSON.stringify({ project }, null, 2)}\n`
}

function placeOf(places: ReadonlyMap<number, InputPlace>, sampleId: number): InputPlace {
  const place = places.get(sampleId)
  if (place === undefined) throw new Error(`no input of sample ${sampleId}`)
  return place
}

/** Projects of ViRelAy, one for each model and method, since a project has one map of an input. */
export const virelay: Form = {
  write,
  readme: `  input.h5          the inputs, float32 [samples, rows, columns, 3] in [-1, 1] (grey three times), and their labels
  label-map.json    what the classes are called
  projects/MODEL/METHOD/
                    a project: project.yaml, and
    attribution.h5  its maps, float32 [maps, rows, columns, 1]; index: in which row of input.h5 their inputs stand;
                    prediction: the logits (NaN: nobody stated them); label: of the input
    analysis.h5     a category for each label; clusterings: consensus (${CONSENSUS.map((name, number) => `${number} ${name}`).join(', ')}),
                    failure_mode (0 none, then in this order
                    ${FAILURE_MODES.slice(0, 5).join(', ')},
                    ${FAILURE_MODES.slice(5).join(', ')});
                    embedding: region_shares, the parts of the map in the regions of its input
    analysis-2.h5 … clusterings and embeddings that had come in with the maps, under the names that they came with; clusters
                    whose names are no numbers are numbered in the order of their names
Where inputs have several sizes or data sets, the second and further files and projects end in -2, -3 …
Maps of a class that is neither label nor prediction stand in METHOD-class-N.

Start it with: virelay projects/MODEL/METHOD/project.yaml`,
}
