import { z } from 'zod'
import { checkRegions, itemRegions, type MapRegion, type Mark } from '../../engine/metrics/regions.ts'
import { Box } from '../../shared/contract/common.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { firstIssue } from '../../shared/schema-issue.ts'
import { readInputFile } from './read-input-file.ts'

const RegionList = z.array(z.strictObject({ name: z.string().min(1), box: Box })).min(1)
const RegionsFile = z.union([RegionList, z.array(RegionList).min(1)])

type RegionShape = z.infer<typeof RegionList>[number]

const FORMAT = '[{"name": …, "box": {"row", "column", "height", "width"}}, …], or one such list for each map'

/** Size of the maps that regions and marks are for. */
export interface MapsShape {
  count: number
  rows: number
  columns: number
  /** Regions of each map. */
  regions: number
}

/** The regions of a map, by its position and with its marks. */
export type RegionsOfMap = (index: number, marks: readonly Mark[]) => MapRegion[]

/** Items of equal width side by side. @throws HeatproofError `bad_argument` */
export function equalItems({ rows, columns, regions }: MapsShape): RegionsOfMap {
  itemRegions(rows, columns, new Array<Mark>(regions).fill(0))
  return (_, marks) => itemRegions(rows, columns, marks)
}

/**
 * Reads regions from JSON: one list for all maps, or a list of lists, one for each map.
 *
 * @throws HeatproofError `not_found`, `bad_file` (no JSON, other fields, number of lists or regions), `bad_argument` (a box
 *   that leaves the map)
 */
export async function readRegionsFile(path: string, shape: MapsShape): Promise<RegionsOfMap> {
  const lists = parseRegions(await readInputFile(path, `regions as JSON: ${FORMAT}`), path)
  if (lists.length !== 1 && lists.length !== shape.count) {
    throw badRegions(
      `${lists.length} lists of regions in ${path}`,
      `one, or ${shape.count}: one for each map`,
    )
  }
  lists.forEach((list, index) => {
    if (list.length !== shape.regions) {
      throw badRegions(
        `${list.length} regions in list ${index} of ${path}`,
        `${shape.regions}, one for each mark of a map`,
      )
    }
    checkRegions(withMarks(list, []), shape.rows, shape.columns)
  })
  return (index, marks) => withMarks(lists[lists.length === 1 ? 0 : index] ?? [], marks)
}

function parseRegions(bytes: Uint8Array, path: string): RegionShape[][] {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder().decode(bytes))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw badRegions(`no JSON in ${path} (${reason})`, FORMAT, cause)
  }
  const parsed = RegionsFile.safeParse(json)
  if (parsed.success) return isListOfLists(parsed.data) ? parsed.data : [parsed.data]
  const { where, expected } = firstIssue(parsed.error)
  throw badRegions(
    `something else at ${where === '' ? 'the top' : where} of ${path}`,
    `${expected} there, in ${FORMAT}`,
  )
}

function isListOfLists(data: z.infer<typeof RegionsFile>): data is RegionShape[][] {
  return Array.isArray(data[0])
}

function withMarks(list: readonly RegionShape[], marks: readonly Mark[]): MapRegion[] {
  return list.map((region, index) => ({ ...region, mark: marks[index] ?? 0 }))
}

function badRegions(found: string, expected: string, cause?: unknown): HeatproofError {
  return new HeatproofError('bad_file', {
    found,
    expected,
    advice: 'Correct the regions file; rows and columns count from 0.',
    cause,
  })
}
