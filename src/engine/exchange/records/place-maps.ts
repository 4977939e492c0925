import { isDeepStrictEqual } from 'node:util'
import { scoreWithoutTau } from '../../metrics/score.ts'
import { float32FromBlob, float64FromBlob } from '../../workspace/blobs.ts'
import { findMap } from '../../workspace/imported-maps.ts'
import { findModelByHash } from '../../workspace/models.ts'
import { getMapBytes, getPrediction } from '../../workspace/maps.ts'
import { marksOf } from '../../workspace/map-shares.ts'
import { insertScores } from '../../workspace/scores.ts'
import { prepared } from '../../workspace/statements.ts'
import { bytesOf } from './record-checks.ts'
import { decoded, encoded, REGION_COLUMNS, type RecordOf } from './record-tables.ts'
import type { Placement } from './placement.ts'

/** Two maps of one key are the same when no value differs by more than this, relative to the largest: backends round differently. */
const SAME_MAP = 1e-4

export function placeSampleSet(placement: Placement, row: RecordOf<'sample_sets'>): void {
  const { dataset, split, fold, items, seed } = row
  const known = prepared(
    placement.database,
    `SELECT id, source_json AS source FROM sample_sets
     WHERE dataset = @dataset AND split = @split AND fold = @fold AND items = @items AND seed = @seed`,
  ).get({ dataset, split, fold, items, seed }) as { id: number; source: string } | undefined
  if (known === undefined) {
    placement.insert('sample_sets', row)
    return
  }
  placement.place('sample_sets', row.id, known.id)
  if (!isDeepStrictEqual(JSON.parse(known.source), JSON.parse(row.source_json))) {
    placement.conflicts.push(`the samples '${row.name}': made from other files than in the workspace`)
  }
}

export function placeSample(placement: Placement, row: RecordOf<'samples'>, input: Uint8Array): void {
  const { database } = placement
  const setId = placement.get('sample_sets', row.sample_set_id)
  const known = prepared(
    database,
    'SELECT id, label, rows, "columns", channels, input FROM samples WHERE sample_set_id = @setId AND position = @position',
  ).get({ setId, position: row.position }) as
    (Record<string, unknown> & { id: number; input: Uint8Array }) | undefined
  if (known === undefined) {
    const sampleId = placement.insert('samples', row, { sample_set_id: setId, input })
    for (const region of row.regions) insertRegion(placement, sampleId, region)
    return
  }
  placement.place('samples', row.id, known.id)
  const isSame =
    (['label', 'rows', 'columns', 'channels'] as const).every((name) => row[name] === known[name]) &&
    Buffer.from(known.input).equals(input) &&
    isDeepStrictEqual(row.regions, regionRows(placement, known.id))
  if (!isSame) {
    placement.conflicts.push(
      `sample ${row.id}: another one than sample ${known.id} of the workspace at its place`,
    )
  }
}

function insertRegion(
  { database }: Placement,
  sampleId: number,
  region: RecordOf<'samples'>['regions'][number],
): void {
  prepared(
    database,
    `INSERT INTO regions (sample_id, ${REGION_COLUMNS.join(', ')})
     VALUES (@sample_id, ${REGION_COLUMNS.map((name) => `@${name}`).join(', ')})`,
  ).run({ ...decoded(region, REGION_COLUMNS), sample_id: sampleId })
}

function regionRows({ database }: Placement, sampleId: number): unknown[] {
  return prepared(
    database,
    `SELECT ${REGION_COLUMNS.join(', ')} FROM regions WHERE sample_id = @sampleId ORDER BY position`,
  )
    .all({ sampleId })
    .map((row) => encoded(row as Record<string, unknown>))
}

export function placeModel(placement: Placement, row: RecordOf<'models'>, weights: Uint8Array): void {
  const known = findModelByHash(placement.database, row.sha256)
  if (known === undefined) placement.insert('models', row, { weights })
  else placement.place('models', row.id, known.id)
}

export function placePrediction(placement: Placement, row: RecordOf<'predictions'>): void {
  const modelId = placement.get('models', row.model_id)
  const sampleId = placement.get('samples', row.sample_id)
  const known = getPrediction(placement.database, modelId, sampleId)
  if (known === undefined) {
    placement.insert('predictions', row, { model_id: modelId, sample_id: sampleId })
  } else if (known.predicted !== row.predicted) {
    placement.conflicts.push(
      `sample ${row.sample_id}: model ${row.model_id} predicts ${row.predicted} here, ${known.predicted} in the workspace`,
    )
  }
}

/**
 * Maps and the runs that made them. A run comes in with the first of its maps that is new, as a run of its own: what of it the
 * workspace has already stays with the run there.
 */
export class MapPlacer {
  readonly #placement: Placement
  readonly #runs = new Map<number, RecordOf<'runs'>>()

  constructor(placement: Placement) {
    this.#placement = placement
  }

  run(row: RecordOf<'runs'>): void {
    this.#runs.set(row.id, row)
  }

  map(row: RecordOf<'maps'>, values: Uint8Array): void {
    const { database } = this.#placement
    const modelId = this.#placement.get('models', row.model_id)
    const sampleId = this.#placement.get('samples', row.sample_id)
    const { method, target, seed } = row
    const known = findMap(database, { sampleId, modelId, method, target, seed })
    if (known !== undefined) {
      this.#placement.place('maps', row.id, known)
      if (!isSameMap(values, getMapBytes(database, known))) {
        this.#placement.conflicts.push(
          `map ${row.id}: other values than map ${known} of the workspace, which is of the same sample, model and method`,
        )
      }
      return
    }
    const runId = this.#placement.find('runs', row.run_id) ?? this.#insertRun(row.run_id)
    const id = this.#placement.insert('maps', row, { run_id: runId, model_id: modelId, sample_id: sampleId })
    prepared(database, 'INSERT INTO map_values (map_id, "values") VALUES (@id, @values)').run({ id, values })
    const shares = {
      shares: [...float64FromBlob(bytesOf(row.shares))],
      sharesPositive: [...float64FromBlob(bytesOf(row.shares_positive))],
    }
    insertScores(database, id, scoreWithoutTau(shares, marksOf(database, sampleId)))
  }

  /** One of a run of the same name and time that is there is known; any other comes in, with its run where that has no new maps. */
  analysis(row: RecordOf<'map_analyses'>): void {
    const { database } = this.#placement
    const run = this.#runOf(row.run_id)
    const known = prepared(
      database,
      `SELECT map_analyses.id AS id FROM map_analyses JOIN runs ON runs.id = run_id
       WHERE kind = @kind AND name = @name AND dimensions = @dimensions AND runs.title = @title
         AND runs.created_at = @createdAt AND runs.removed_at IS NULL`,
    ).get({
      ...{ kind: row.kind, name: row.name, dimensions: row.dimensions },
      ...{ title: run.title, createdAt: run.created_at },
    }) as { id: number } | undefined
    if (known !== undefined) {
      this.#placement.place('map_analyses', row.id, known.id)
      return
    }
    const runId = this.#placement.find('runs', row.run_id) ?? this.#insertRun(row.run_id)
    this.#placement.insert('map_analyses', row, { run_id: runId })
  }

  /** Of a map of which the same analysis says something else it is a conflict. */
  analysisRow(row: RecordOf<'map_analysis_rows'>): void {
    const key = {
      analysis_id: this.#placement.get('map_analyses', row.analysis_id),
      map_id: this.#placement.get('maps', row.map_id),
    }
    const known = prepared(
      this.#placement.database,
      'SELECT cluster, place FROM map_analysis_rows WHERE analysis_id = @analysis_id AND map_id = @map_id',
    ).get(key) as Record<string, unknown> | undefined
    const { cluster, place } = row
    if (known === undefined) this.#placement.insert('map_analysis_rows', row, key)
    else if (!isDeepStrictEqual(encoded(known), { cluster, place })) {
      this.#placement.conflicts.push(`map ${row.map_id}: another cluster or place than in the workspace`)
    }
  }

  origin(row: RecordOf<'imports'>): void {
    const runId = this.#placement.find('runs', row.run_id)
    if (runId !== undefined) this.#placement.insert('imports', row, { run_id: runId })
  }

  #runOf(id: number): RecordOf<'runs'> {
    const row = this.#runs.get(id)
    if (row === undefined) throw new Error(`run ${id} is missing`)
    return row
  }

  #insertRun(id: number): number {
    const row = this.#runOf(id)
    const setId = this.#placement.get('sample_sets', row.sample_set_id)
    const placed = (models: number[]) => models.map((model) => this.#placement.find('models', model) ?? model)
    const request = JSON.parse(row.request_json) as { modelIds?: number[]; sampleSetId?: number }
    const placedRequest = {
      ...request,
      ...(request.modelIds !== undefined && { modelIds: placed(request.modelIds) }),
      ...(request.sampleSetId !== undefined && { sampleSetId: setId }),
    }
    return this.#placement.insert('runs', row, {
      sample_set_id: setId,
      ...(!this.#placement.keepsIds && {
        model_ids_json: JSON.stringify(placed(JSON.parse(row.model_ids_json) as number[])),
        request_json: JSON.stringify(placedRequest),
      }),
    })
  }
}

function isSameMap(found: Uint8Array, known: Uint8Array | undefined): boolean {
  const [own, other] = [float32FromBlob(found), float32FromBlob(known ?? new Uint8Array())]
  if (own.length !== other.length) return false
  const largest = other.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return own.every((value, pixel) => Math.abs(value - (other[pixel] ?? 0)) <= SAME_MAP * largest)
}
