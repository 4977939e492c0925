import { inflateRawSync } from 'node:zlib'
import { PIXEL_METRICS } from '../../../shared/names.ts'
import { uint32FromBlob } from '../../workspace/blobs.ts'
import { badRecord, type RecordLine } from './record-lines.ts'
import type { RecordOf, RecordTable } from './record-tables.ts'

/** Bytes of base64. */
export function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'base64')
}

interface Frame {
  rows: number
  columns: number
  regions: number
}

/** What was read so far, to see that nothing stands twice and nothing is referred to that is not there. */
export class RecordChecks {
  readonly #ids = new Map<RecordTable, Set<number>>()
  readonly #identities = new Set<string>()
  readonly #frames = new Map<number, Frame>()
  /** Dimensions of embeddings, 0 of clusterings, by id. */
  readonly #dimensions = new Map<number, number>()

  /** @throws HeatproofError `bad_file` */
  check(record: RecordLine): void {
    const { table, row, line } = record
    if ('id' in row) this.#once(table, row.id, line)
    for (const identity of identitiesOf(record)) {
      const key = JSON.stringify([table, ...identity])
      if (this.#identities.has(key)) {
        throw badRecord(line, `a second row of ${table} of the same ${identity.join(', ')}`, 'each once')
      }
      this.#identities.add(key)
    }
    for (const [other, id] of referencesOf(record)) {
      if (this.#ids.get(other)?.has(id) !== true) {
        throw badRecord(
          line,
          `${table} that need ${other} ${id}, which is missing,`,
          'what a row refers to, before it',
        )
      }
    }
    this.#checkContent(record)
  }

  frameOf(sampleId: number): Frame {
    return this.#frames.get(sampleId) ?? { rows: 0, columns: 0, regions: 0 }
  }

  #once(table: RecordTable, id: number, line: number): void {
    const ids = this.#ids.get(table) ?? new Set<number>()
    this.#ids.set(table, ids)
    if (ids.has(id)) throw badRecord(line, `${table} ${id} for the second time`, 'each id once')
    ids.add(id)
  }

  #checkContent({ table, row, line }: RecordLine): void {
    if (table === 'samples') {
      this.#frames.set(row.id, { rows: row.rows, columns: row.columns, regions: row.regions.length })
      for (const [position, region] of row.regions.entries()) checkRegion(region, position, row, line)
    } else if (table === 'maps') {
      const shares = 8 * this.frameOf(row.sample_id).regions
      requireBytes(row.shares, shares, 'shares', line)
      requireBytes(row.shares_positive, shares, 'shares_positive', line)
      if (row.pixel_scores !== null) {
        requireBytes(row.pixel_scores, 16 * PIXEL_METRICS.length, 'pixel_scores', line)
      }
    } else if (table === 'predictions') {
      if (bytesOf(row.logits).length % 4 !== 0)
        throw badRecord(line, 'logits that are no float32', 'four bytes each')
    } else if (table === 'map_analyses') {
      this.#dimensions.set(row.id, row.kind === 'embedding' ? row.dimensions : 0)
    } else if (table === 'map_analysis_rows') {
      const dimensions = this.#dimensions.get(row.analysis_id) ?? 0
      if ((row.cluster === null) === (dimensions === 0)) {
        throw badRecord(line, 'a row of another kind than its analysis', 'clusters or places, as it says')
      }
      if (row.place !== null) requireBytes(row.place, 4 * dimensions, 'place', line)
    } else if (table === 'queues') {
      requireBytes(row.map_ids, 4 * row.length, 'map_ids', line)
      requireBytes(row.origins, row.length, 'origins', line)
      requireBytes(row.probabilities, 8 * row.length, 'probabilities', line)
    }
  }
}

/** What no two rows of a table have in common, beside their ids. */
function identitiesOf({ table, row }: RecordLine): (string | number)[][] {
  if (table === 'sample_sets') return [[row.dataset, row.split, row.fold, row.items, row.seed]]
  if (table === 'samples') return [[row.sample_set_id, row.position]]
  if (table === 'models') return [[row.sha256]]
  if (table === 'predictions') return [[row.model_id, row.sample_id]]
  if (table === 'maps') return [[row.sample_id, row.model_id, row.method, row.target, row.seed]]
  if (table === 'map_analyses') return [[row.run_id, row.kind, row.name]]
  if (table === 'map_analysis_rows') return [[row.analysis_id, row.map_id]]
  if (table === 'decisions') return row.request_id === null ? [] : [[row.reviewer, row.request_id]]
  if (table === 'calibrations') return [[row.version]]
  return []
}

function referencesOf({ table, row }: RecordLine): [RecordTable, number][] {
  const some = (other: RecordTable, id: number | null): [RecordTable, number][] =>
    id === null ? [] : [[other, id]]
  if (table === 'samples') return [['sample_sets', row.sample_set_id]]
  if (table === 'predictions') {
    return [
      ['models', row.model_id],
      ['samples', row.sample_id],
    ]
  }
  if (table === 'runs') {
    const models = JSON.parse(row.model_ids_json) as number[]
    return [['sample_sets', row.sample_set_id], ...models.map((id): [RecordTable, number] => ['models', id])]
  }
  if (table === 'maps') {
    return [
      ['runs', row.run_id],
      ['samples', row.sample_id],
      ['models', row.model_id],
    ]
  }
  if (table === 'imports' || table === 'map_analyses') return [['runs', row.run_id]]
  if (table === 'map_analysis_rows') {
    return [
      ['map_analyses', row.analysis_id],
      ['maps', row.map_id],
    ]
  }
  if (table === 'queues') {
    return [...uint32FromBlob(bytesOf(row.map_ids).subarray(0, 4 * row.length))].map((id) => ['maps', id])
  }
  if (table === 'verdict_groups') return [['queues', row.queue_id], ...some('map_analyses', row.analysis_id)]
  if (table === 'verdicts') {
    return [
      ['maps', row.map_id],
      ['decisions', row.decision_id],
      ...some('queues', row.queue_id),
      ...some('verdict_groups', row.group_id),
    ]
  }
  if (table === 'activations') {
    return [...some('calibrations', row.calibration_id), ...some('activations', row.undoes)]
  }
  return []
}

function checkRegion(
  region: RecordOf<'samples'>['regions'][number],
  position: number,
  { rows, columns }: RecordOf<'samples'>,
  line: number,
): void {
  const { box_row: row, box_column: column, box_height: height, box_width: width, mask } = region
  const fits = row + height <= rows && column + width <= columns && region.position === position
  if (!fits)
    throw badRecord(
      line,
      `region ${position} outside of its sample`,
      `boxes inside ${rows} x ${columns}, in order`,
    )
  if (mask === null) return
  try {
    const pixels = inflateRawSync(bytesOf(mask), { maxOutputLength: height * width })
    if (pixels.length === height * width) return
  } catch {
    // Said below.
  }
  throw badRecord(
    line,
    `a mask of region ${position} that does not fit its box`,
    `${height * width} deflated bytes`,
  )
}

function requireBytes(text: string, length: number, name: string, line: number): void {
  const found = bytesOf(text).length
  if (found !== length) throw badRecord(line, `${found} bytes of ${name}`, `${length}`)
}
