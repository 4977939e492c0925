import { readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import type { ImportOptions } from '../../../shared/contract/imports.ts'
import { HeatproofError } from '../../../shared/errors.ts'
import type { InputLayout, MapLayout } from '../../../shared/imports.ts'
import { plural } from '../../../shared/units.ts'
import { badFile } from '../bad-input.ts'
import { detectInputLayout, frameIn, inputFrame, mapLayout, type InputFrame } from './array-layout.ts'
import { openHdf5Arrays, type Hdf5Array, type Hdf5Arrays } from './hdf5-arrays.ts'
import { openVirelayAnalyses, type VirelayAnalysis } from './virelay-analyses.ts'
import { classNumbers, inputRows, mapNumbers, numberedRows } from './virelay-rows.ts'
import { readVirelayProject, virelayProjectFiles, type VirelayProject } from './virelay-project.ts'

/** The maps of one attribution file, and where the map of each input stands. */
export interface VirelayMaps {
  maps: Hdf5Array
  layout: MapLayout
  channels: number
  prediction: Hdf5Array
  /** What the file says is explained, where it says it. */
  labels: number[] | undefined
}

/** A project, with the place of each sample's map. */
export interface VirelayMethod {
  project: VirelayProject
  /** By the row of the input. */
  places: ReadonlyMap<number, { file: VirelayMaps; row: number }>
  /** By the number that analyses know a map by, the row of its input. */
  numbers: ReadonlyMap<number, number>
}

/** Projects of one model and data set, whose sizes fit together; inputs, maps and logits are read later, in slices. */
export interface VirelaySet {
  path: string
  said: ImportOptions
  projects: VirelayProject[]
  inputs: Hdf5Array
  layout: InputLayout
  frame: InputFrame
  /** Rows of the inputs that have maps, ascending: the samples. */
  members: number[]
  /** One a sample. */
  labels: number[]
  methods: VirelayMethod[]
  classNames: string[] | undefined
  /** What categories of analyses are called, by the id of their class in WordNet. */
  categoryNames: ReadonlyMap<string, string>
  analyses: VirelayAnalysis[]
  /** Everything that is read. */
  files: string[]
  close: () => void
}

/**
 * Opens a project, or a folder with the projects of one model and data set.
 *
 * @throws HeatproofError `bad_file`, `bad_values`; `bad_argument` where there are projects of several models and none is said
 */
export async function openVirelaySet(path: string, options: ImportOptions): Promise<VirelaySet> {
  const folder = (await stat(path)).isDirectory() ? path : dirname(path)
  const projects: VirelayProject[] = []
  for (const file of await virelayProjectFiles(path)) projects.push(await readVirelayProject(file, folder))
  const chosen = ofOneModel(projects, path, options)
  requireOneDataset(chosen, path)
  const open: Hdf5Arrays[] = []
  const opened = async (file: string) => {
    const arrays = await openHdf5Arrays(file)
    open.push(arrays)
    return arrays
  }
  const close = () => {
    for (const arrays of open) arrays.close()
  }
  try {
    return { ...(await read(path, chosen, options, opened)), close }
  } catch (error) {
    close()
    throw error
  }
}

async function read(
  path: string,
  projects: VirelayProject[],
  said: ImportOptions,
  opened: (file: string) => Promise<Hdf5Arrays>,
): Promise<Omit<VirelaySet, 'close'>> {
  const [first] = projects
  if (first === undefined) throw noProject(path)
  const data = await opened(first.dataset.path)
  const inputs = data.array('data')
  const shape = [inputs.count, ...inputs.row]
  const layout = said.inputLayout ?? detectInputLayout(shape, inputs.source)
  const frame = inputFrame(layout, shape, inputs.source)
  const rows = inputRows(data, inputs)
  const inputLabels = classNumbers(data.array('label'), inputs)
  const methods: VirelayMethod[] = []
  for (const project of projects) {
    const places = new Map<number, { file: VirelayMaps; row: number }>()
    const numbers = new Map<number, number>()
    for (const source of project.attributions) {
      const file = await opened(source)
      placeMaps(file, { inputs, frame, rows, said }, places, numbers)
    }
    methods.push({ project, places, numbers })
  }
  const members = membersOf(methods)
  const labels = first.labelMap === undefined ? undefined : await labelMapOf(first.labelMap)
  const categoryNames = new Map(
    labels?.flatMap(({ name, word_net_id: id }) => (id === undefined ? [] : [[id, name]])),
  )
  return {
    ...{ path, said, projects, inputs, layout, frame, members, methods },
    labels: members.map((row) => inputLabels[row] ?? 0),
    classNames: said.classNames ?? (labels && classNamesOf(labels)),
    categoryNames,
    analyses: await openVirelayAnalyses({ inputs, methods, categoryNames }, opened),
    files: [
      ...new Set(
        projects.flatMap(({ file, dataset, labelMap: own, attributions, analyses }) => [
          ...[file, dataset.path, ...attributions, ...analyses.flatMap(({ sources }) => sources)],
          ...(own === undefined ? [] : [own]),
        ]),
      ),
    ].sort(),
  }
}

function placeMaps(
  arrays: Hdf5Arrays,
  {
    inputs,
    frame,
    rows,
    said,
  }: { inputs: Hdf5Array; frame: InputFrame; rows: ReadonlyMap<number, number>; said: ImportOptions },
  places: Map<number, { file: VirelayMaps; row: number }>,
  numbers: Map<number, number>,
): void {
  const maps = arrays.array('attribution')
  const prediction = arrays.array('prediction')
  const shape = [maps.count, ...maps.row]
  const layout = mapLayout(shape, { ...frame, count: maps.count }, maps.source, said.mapLayout)
  if (prediction.count !== maps.count || prediction.row.length !== 1) {
    throw badFile({
      source: prediction.source,
      found: `the shape [${[prediction.count, ...prediction.row].join(', ')}]`,
      expected: `[${maps.count}, classes], the logits of each map's input`,
    })
  }
  const label = arrays.find('label')
  const file: VirelayMaps = {
    ...{ maps, layout, prediction, channels: frameIn(layout, shape)?.channels ?? 1 },
    labels: label && classNumbers(label, maps),
  }
  const inputOf = numberedRows(arrays, maps, inputs, rows)
  for (const [number, row] of mapNumbers(arrays, maps)) {
    const input = inputOf[row]
    if (input !== undefined && !numbers.has(number)) numbers.set(number, input)
  }
  inputOf.forEach((input, row) => {
    if (places.has(input)) {
      throw badFile({
        ...{ source: maps.source, found: `a second map of input ${inputs.keys?.[input] ?? input}` },
        expected: 'one map of an input in a project',
      })
    }
    places.set(input, { file, row })
  })
}

/** The samples, of which every method must have maps. @throws HeatproofError `bad_file` */
function membersOf(methods: readonly VirelayMethod[]): number[] {
  const [first] = methods
  const members = [...(first?.places.keys() ?? [])].sort((a, b) => a - b)
  for (const { project, places } of methods) {
    const missing = members.find((row) => !places.has(row))
    if (places.size === members.length && missing === undefined) continue
    throw badFile({
      source: project.file,
      found: `maps of ${plural(places.size, 'input')}${missing === undefined ? '' : `, none of input ${missing}`}`,
      expected: `maps of the same ${plural(members.length, 'input')} as in ${first?.project.file ?? ''}`,
      advice: 'Import projects of other samples one by one, each under another --name.',
    })
  }
  return members
}

/** All projects, or those of the model that is said. @throws HeatproofError `bad_argument` */
function ofOneModel(
  projects: readonly VirelayProject[],
  path: string,
  { model }: ImportOptions,
): VirelayProject[] {
  const models = [...new Set(projects.map((project) => project.model))]
  if (models.length <= 1) return [...projects]
  const own = projects.filter((project) => project.model === model)
  if (own.length > 0) return own
  throw new HeatproofError('bad_argument', {
    found: `projects of ${models.length} models in ${path}`,
    expected: `one of them to be said: ${models.join(', ')}`,
    advice: 'Say it with --model; import the others after it.',
  })
}

/** @throws HeatproofError `bad_file` */
function requireOneDataset([first, ...others]: readonly VirelayProject[], path: string): void {
  const other = others.find(({ dataset }) => dataset.path !== first?.dataset.path)
  if (first === undefined || other === undefined) return
  throw badFile({
    source: path,
    found: `inputs in ${first.dataset.path} and in ${other.dataset.path}`,
    expected: 'projects of the same inputs',
    advice: 'Put the projects of each file of inputs into a folder of their own.',
  })
}

function noProject(path: string): HeatproofError {
  return badFile({
    source: path,
    found: 'no project file',
    expected: 'a project of ViRelAy: a .yaml file that begins with `project:`',
    advice: 'See `heatproof import --help` for where it may stand.',
  })
}

const LabelMap = z.array(
  z.object({
    index: z.int().min(0).max(9_999),
    name: z.string().trim().min(1).max(120),
    word_net_id: z.string().optional(),
  }),
)
type LabelMap = z.infer<typeof LabelMap>

async function labelMapOf(file: string): Promise<LabelMap> {
  const parsed = LabelMap.safeParse(jsonOf(await readFile(file, 'utf8')))
  if (parsed.success) return parsed.data
  throw badFile({
    ...{ source: file, found: 'no label map' },
    expected: 'a list in JSON, with index and name of each class',
  })
}

/** Names by number; a class that has none is called by its number. */
function classNamesOf(labels: LabelMap): string[] {
  const names = new Map(labels.map(({ index, name }) => [index, name]))
  const count = Math.max(0, ...names.keys()) + 1
  return Array.from({ length: count }, (_, index) => names.get(index) ?? String(index))
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
