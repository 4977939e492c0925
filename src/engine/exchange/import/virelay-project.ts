import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { basename, dirname, extname, isAbsolute, join, relative, sep } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { firstIssue } from '../../../shared/schema-issue.ts'
import { badFile } from '../bad-input.ts'

/** A project of ViRelAy: inputs, and the maps of one model and method. Paths are absolute, links resolved. */
export interface VirelayProject {
  /** Path of its YAML. */
  file: string
  name: string
  model: string
  dataset: { name: string; path: string }
  labelMap: string | undefined
  method: string
  strategy: string
  attributions: string[]
  analyses: { method: string; sources: string[] }[]
}

const Text = z.string().trim().min(1)
const Sources = z.array(Text).min(1)
const ProjectFile = z.object({
  project: z.object({
    name: Text,
    model: Text,
    label_map: Text.optional(),
    dataset: z.object({ name: Text, type: Text, path: Text }),
    attributions: z.object({
      attribution_method: Text,
      attribution_strategy: z.union([Text, z.int().min(0)]),
      sources: Sources,
    }),
    analyses: z.array(z.object({ analysis_method: Text, sources: Sources })).nullish(),
  }),
})

/** What begins a project, in YAML or JSON. */
const BEGIN = /^[{\s]*["']?project["']?\s*:/m
/** A project file of more bytes is none. */
const MOST_BYTES = 2 ** 20
/** Where exports keep their projects. */
const PROJECTS = 'projects'

/** The project files of a path: the file itself, those directly in a folder, and those below its `projects`. */
export async function virelayProjectFiles(path: string): Promise<string[]> {
  const found = await stat(path)
  const candidates = found.isDirectory() ? await yamlFilesIn(path) : isYaml(path) ? [path] : []
  const files: string[] = []
  for (const file of candidates) {
    const { size } = await stat(file)
    if (size <= MOST_BYTES && BEGIN.test(await readFile(file, 'utf8'))) files.push(file)
  }
  return files
}

async function yamlFilesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder)
  const below = names.includes(PROJECTS)
    ? await readdir(join(folder, PROJECTS), { recursive: true }).catch(() => [])
    : []
  return [
    ...names.filter(isYaml),
    ...below.filter((name) => basename(name) === 'project.yaml').map((name) => join(PROJECTS, name)),
  ]
    .sort()
    .map((name) => join(folder, name))
}

function isYaml(name: string): boolean {
  return ['.yaml', '.yml'].includes(extname(name).toLowerCase())
}

/**
 * Reads a project file.
 *
 * @param folder what every path of it must lie in
 * @throws HeatproofError `bad_file`
 */
export async function readVirelayProject(file: string, folder: string): Promise<VirelayProject> {
  const { project } = contentOf(file, await readFile(file, 'utf8'))
  const { dataset, attributions, label_map: labelMap, analyses } = project
  if (dataset.type !== 'hdf5') {
    throw badFile({
      ...{ source: file, found: `inputs of the type '${dataset.type}'`, expected: "the type 'hdf5'" },
      advice: 'Write the inputs into an HDF5 file, or import them as arrays.',
    })
  }
  const inside = (path: string) => confined(path, { file, folder })
  const allInside = async (paths: readonly string[]) => {
    const found: string[] = []
    for (const path of paths) found.push(await inside(path))
    return found
  }
  const own: VirelayProject['analyses'] = []
  for (const { analysis_method: method, sources } of analyses ?? [])
    own.push({ method, sources: await allInside(sources) })
  return {
    ...{ file, name: project.name, model: project.model },
    dataset: { name: dataset.name, path: await inside(dataset.path) },
    labelMap: labelMap === undefined ? undefined : await inside(labelMap),
    method: attributions.attribution_method,
    strategy: String(attributions.attribution_strategy),
    attributions: await allInside(attributions.sources),
    analyses: own,
  }
}

function contentOf(file: string, text: string): z.infer<typeof ProjectFile> {
  let content: unknown
  try {
    content = parse(text)
  } catch (cause) {
    throw badFile({ source: file, found: 'no YAML', expected: 'a project of ViRelAy', cause })
  }
  const parsed = ProjectFile.safeParse(content)
  if (parsed.success) return parsed.data
  const { where, expected } = firstIssue(parsed.error)
  throw badFile({ source: file, found: `something else at '${where}'`, expected })
}

/** @throws HeatproofError `bad_file` where the path leaves the folder, also through a link, or leads to nothing */
async function confined(path: string, { file, folder }: { file: string; folder: string }): Promise<string> {
  const isPlain =
    !isAbsolute(path) &&
    !/^[a-z]:/i.test(path) &&
    Array.from(path).every((character) => character >= ' ' && character !== '\\')
  const target = join(dirname(file), path)
  if (!isPlain || !isInside(target, folder)) throw outside(path, file, folder)
  const real = await realpath(target).catch((cause: unknown) => {
    throw badFile({
      ...{ source: file, found: `the path '${path}', at which nothing is,`, expected: 'a file', cause },
      advice: 'Put the file there, or correct the path.',
    })
  })
  if (!isInside(real, await realpath(folder))) throw outside(path, file, folder)
  return real
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

function outside(path: string, file: string, folder: string): Error {
  return badFile({
    source: file,
    found: `the path ${JSON.stringify(path)}, which leads out of ${folder},`,
    expected: "relative paths inside the folder that is imported, with '/' between their parts",
    advice: 'Import the folder that holds all files of the project.',
  })
}
