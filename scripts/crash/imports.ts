import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { writeNpy, type NpyArray } from '../../src/engine/exchange/npy.ts'
import { seededGenerator } from '../../src/shared/seeds.ts'
import { withWorkspace } from './faults.ts'

/** Of each import: samples of rows x columns, with a map a method. They are stored 200 maps at a time. */
const [COUNT, ROWS, COLUMNS] = [700, 12, 16]
const METHODS = ['ig', 'shap']
/** Maps of one import. */
const MAPS = COUNT * METHODS.length

/** Writes the arrays of an import; its number decides what is in them. Gives their folder. */
export function writeArrays(workspace: string, number: number): string {
  const folder = join(dirname(workspace), `arrays-${number}`)
  if (existsSync(folder)) return folder
  const part = `${folder}.part`
  mkdirSync(join(part, 'maps'), { recursive: true })
  const shape = [COUNT, ROWS, COLUMNS]
  const labels = Int32Array.from({ length: COUNT }, (_, index) => index % 2)
  const logits = Float32Array.from({ length: 2 * COUNT }, (_, index) => index % 3)
  const files: Record<string, NpyArray> = {
    inputs: { dtype: 'float32', shape, data: valuesOf(number, 'inputs') },
    labels: { dtype: 'int32', shape: [COUNT], data: labels },
    logits: { dtype: 'float32', shape: [COUNT, 2], data: logits },
  }
  for (const method of METHODS) {
    files[`maps/${method}`] = { dtype: 'float32', shape, data: valuesOf(number, method) }
  }
  for (const [name, array] of Object.entries(files)) {
    writeFileSync(join(part, `${name}.npy`), writeNpy(array))
  }
  renameSync(part, folder)
  return folder
}

function valuesOf(number: number, name: string): Float32Array {
  const random = seededGenerator(number, 'arrays', name)
  return Float32Array.from({ length: COUNT * ROWS * COLUMNS }, () => random.float())
}

interface RunRow {
  id: number
  folder: string
  imported: number | null
  status: string
}

/** Imports that are neither whole nor going on, and maps that are not those of their files. */
export function importFaults(workspace: string, acknowledged: number): string[] {
  return withWorkspace(workspace, (database) => {
    const runs = database
      .prepare<[], RunRow>(
        `SELECT runs.id, runs.request_json ->> 'importedFrom' AS folder, imports.id AS imported, jobs.status
         FROM runs JOIN jobs ON jobs.id = job_id LEFT JOIN imports ON imports.run_id = runs.id`,
      )
      .all()
    const maps = database.prepare<[number], { method: string; position: number; content: Buffer }>(
      `SELECT method, position, "values" AS content FROM maps JOIN map_values ON map_id = maps.id
       JOIN samples ON samples.id = sample_id WHERE run_id = ?`,
    )
    const failed = database
      .prepare<[], string>(`SELECT error FROM jobs WHERE status IN ('failed', 'cancelled')`)
      .pluck()
      .all()
    const twice = database
      .prepare<[], string>('SELECT source FROM imports GROUP BY source HAVING count(*) > 1')
      .pluck()
      .all()
    const whole = new Set(runs.flatMap(({ folder, imported }) => (imported === null ? [] : [folder])))
    return [
      ...failed.map((error) => `an import failed: ${error}`),
      ...twice.map((source) => `${source} is imported twice`),
      ...(whole.size >= acknowledged ? [] : [`${acknowledged - whole.size} acknowledged imports are lost`]),
      ...runs.flatMap((run) => faultsOfRun(run, maps.all(run.id))),
    ]
  })
}

function faultsOfRun(
  { folder, imported, status }: RunRow,
  maps: readonly { method: string; position: number; content: Buffer }[],
): string[] {
  const number = Number(/\d+$/.exec(folder)?.[0])
  const files = new Map(METHODS.map((method) => [`import:${method}:positive`, valuesOf(number, method)]))
  const size = ROWS * COLUMNS
  const wrong = maps.filter(({ method, position, content }) => {
    const expected = files.get(method)?.slice(position * size, (position + 1) * size)
    return expected === undefined || !Buffer.from(expected.buffer).equals(content)
  })
  return [
    ...(wrong.length === 0 ? [] : [`${wrong.length} maps of ${folder} are not those of its files`]),
    ...(imported === null || maps.length === MAPS ? [] : [`${folder} is imported with ${maps.length} maps`]),
    ...(imported !== null || ['queued', 'running'].includes(status)
      ? []
      : [`${folder} is half and ${status}`]),
  ]
}
