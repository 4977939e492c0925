import { z } from 'zod'
import { CalibrationFit } from '../../../shared/contract/calibration.ts'
import {
  Box,
  FailureModeName,
  Hash,
  Instant,
  MapChecks,
  MapStateName,
  SetSplit,
} from '../../../shared/contract/common.ts'
import { ImportRecord } from '../../../shared/contract/imports.ts'
import { QueueRequest } from '../../../shared/contract/queues.ts'
import { ModelSummary, Target, targetOfText } from '../../../shared/contract/runs.ts'
import { MapAnalysis } from '../../workspace/map-analyses.ts'
import { RunOrigin } from '../../workspace/runs.ts'
import { SampleProvenance, SampleSource } from '../../workspace/samples.ts'
import { LARGEST_SIDE, MOST_CHANNELS } from '../import/array-layout.ts'

/*
 * What `records.jsonl` of an audited set consists of: rows of the workspace's tables, a line each, under the names of their columns.
 * JSON that a column holds stays the text that it is, and bytes are base64, so that nothing is lost on the way.
 */

/** Longer texts are none that the program writes. */
const LONGEST_TEXT = 2 ** 24
/** Regions of a sample. */
const MOST_REGIONS = 1000

const id = z.int().positive().max(Number.MAX_SAFE_INTEGER)
const count = z.int().nonnegative()
const text = z.string().max(LONGEST_TEXT)
const real = z.number()
const flag = z.union([z.literal(0), z.literal(1)])

/** Bytes as base64. */
const bytes = z.base64().max(LONGEST_TEXT)

/** A text that is JSON of this shape. */
function jsonText(schema: z.ZodType): z.ZodType<string> {
  return text.refine((value) => schema.safeParse(parsedOrUndefined(value)).success, 'JSON of its column')
}

function parsedOrUndefined(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}

const side = z.int().min(1).max(LARGEST_SIDE)

/** Where the array of a row stands: in which row of which file of the set. */
const place = { file: text, row: count }

export const RegionRecord = z.strictObject({
  position: count,
  name: text,
  box_row: count,
  box_column: count,
  box_height: side,
  box_width: side,
  mark: flag,
  label: z.int().nullable(),
  filled: flag,
  mask: bytes.nullable(),
})

const schemas = {
  sample_sets: z.strictObject({
    id,
    name: text,
    dataset: text,
    split: SetSplit,
    fold: z.int(),
    items: z.int(),
    seed: z.int(),
    source_json: jsonText(SampleSource),
    created_at: Instant,
  }),
  samples: z.strictObject({
    id,
    sample_set_id: id,
    position: count,
    label: z.int(),
    rows: side,
    columns: side,
    channels: z.int().min(1).max(MOST_CHANNELS),
    provenance_json: jsonText(SampleProvenance),
    regions: z.array(RegionRecord).max(MOST_REGIONS),
    ...place,
  }),
  models: z.strictObject({
    id,
    name: text,
    architecture: ModelSummary.shape.architecture,
    stationary_dropout: flag,
    dataset: text,
    steps: z.int(),
    fold: z.int(),
    items: z.int(),
    sha256: Hash,
    accuracy: real.nullable(),
    trained: flag,
    origin: ModelSummary.shape.origin,
    metadata_json: jsonText(ModelSummary.shape.metadata),
    created_at: Instant,
    file: text,
  }),
  predictions: z.strictObject({ model_id: id, sample_id: id, predicted: z.int(), logits: bytes }),
  runs: z.strictObject({
    id,
    title: text,
    sample_set_id: id,
    sample_count: count,
    request_json: jsonText(RunOrigin),
    model_ids_json: jsonText(z.array(id)),
    methods_json: jsonText(z.array(z.string())),
    target: text.refine(
      (value) => Target.safeParse(targetOfText(value)).success,
      'label, predicted or a class',
    ),
    seed: z.int(),
    backend: text.nullable(),
    device: text.nullable(),
    versions_json: jsonText(z.record(z.string(), z.string())),
    seconds: real.nullable(),
    created_at: Instant,
    finished_at: Instant.nullable(),
    removed_at: Instant.nullable(),
  }),
  maps: z.strictObject({
    id,
    run_id: id,
    sample_id: id,
    model_id: id,
    method: text,
    target: z.int(),
    target_kind: z.enum(['label', 'predicted', 'class']),
    seed: z.int(),
    logit: real.nullable(),
    started: real.nullable(),
    total: real,
    absolute: real,
    low: real,
    high: real,
    conservation: real.nullable(),
    state: MapStateName,
    checks_json: jsonText(MapChecks).nullable(),
    shares: bytes,
    shares_positive: bytes,
    pixel_scores: bytes.nullable(),
    created_at: Instant,
    ...place,
  }),
  map_analyses: z.strictObject({
    id,
    run_id: id,
    kind: MapAnalysis.shape.kind,
    name: text,
    dimensions: z.int().positive(),
  }),
  map_analysis_rows: z.strictObject({
    analysis_id: id,
    map_id: id,
    cluster: text.nullable(),
    place: bytes.nullable(),
  }),
  imports: z.strictObject({
    id,
    format: ImportRecord.shape.format,
    source: text,
    sha256: Hash,
    tool: text.nullable(),
    counts_json: jsonText(ImportRecord.shape.counts),
    warnings_json: jsonText(ImportRecord.shape.warnings),
    run_id: id,
    created_by: text,
    created_at: Instant,
  }),
  queues: z.strictObject({
    id,
    request_json: jsonText(QueueRequest),
    matching: count,
    length: count,
    created_at: Instant,
    map_ids: bytes,
    origins: bytes,
    probabilities: bytes,
  }),
  decisions: z.strictObject({
    id,
    reviewer: text,
    state: z.enum(['done', 'undone', 'dropped']),
    request_id: text.nullable(),
  }),
  verdict_groups: z.strictObject({
    id,
    queue_id: id,
    group_count: count,
    seed: z.int(),
    features_version: z.int(),
    position: count,
    size: count,
    looked_at_json: jsonText(z.array(count)),
    left_out_json: jsonText(z.array(count)),
    created_at: Instant,
    analysis_id: id.nullable().default(null),
  }),
  verdicts: z.strictObject({
    id,
    map_id: id,
    reviewer: text,
    verdict: z.enum(['accept', 'fail', 'unsure', 'withdrawn']),
    modes_json: jsonText(z.array(FailureModeName)),
    note: text,
    box_json: jsonText(Box).nullable(),
    queue_id: id.nullable(),
    probability: real.nullable(),
    drawn_at_random: flag,
    decision_id: id,
    action: z.enum(['decide', 'undo', 'redo']),
    created_at: Instant,
    position: count.nullable(),
    blind: flag,
    group_id: id.nullable(),
  }),
  calibrations: z.strictObject({
    id,
    version: count,
    fit_json: jsonText(CalibrationFit),
    created_by: text,
    created_at: Instant,
  }),
  activations: z.strictObject({
    id,
    calibration_id: id.nullable(),
    activated_by: text,
    undoes: id.nullable(),
    created_at: Instant,
  }),
}

export type RecordTable = keyof typeof schemas
export type RecordOf<Table extends RecordTable> = z.infer<(typeof schemas)[Table]>
/** A row of one of the tables. */
export type SetRecord = { [Table in RecordTable]: { table: Table; row: RecordOf<Table> } }[RecordTable]

/** In the order in which they stand in the file: what a row refers to stands before it. */
export const RECORD_TABLES = Object.keys(schemas) as RecordTable[]

const BYTES = new Set([
  'logits',
  'shares',
  'shares_positive',
  'pixel_scores',
  'mask',
  'place',
  'map_ids',
  'origins',
  'probabilities',
])
/** What a record says that its table has no column for. */
const NO_COLUMNS = new Set(['file', 'regions'])

/** The columns of the table that a record has; `row` of an array's place is none. */
export function columnsOf(table: RecordTable): string[] {
  const names = Object.keys(schemas[table].shape).filter((name) => !NO_COLUMNS.has(name))
  return names.filter((name) => name !== 'row')
}

/** The columns of a region. */
export const REGION_COLUMNS = Object.keys(RegionRecord.shape)

/** A row as SQLite gives it, with its bytes as base64. */
export function encoded(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
    ]),
  )
}

/** The columns of a record as SQLite takes them. */
export function decoded(row: Readonly<Record<string, unknown>>, columns: readonly string[]) {
  return Object.fromEntries(
    columns.map((name) => {
      const value = row[name]
      const isPlain = value === null || typeof value === 'number' || typeof value === 'string'
      if (!isPlain) throw new Error(`no value of ${name}`)
      return [name, typeof value === 'string' && BYTES.has(name) ? Buffer.from(value, 'base64') : value]
    }),
  )
}

/** Reads what a line says. Gives the reason where it is no record: what was expected, and where. */
export function parseRecord(value: unknown): { record: SetRecord } | { problem: z.ZodError | 'table' } {
  const head = z.object({ table: z.enum(RECORD_TABLES as [RecordTable, ...RecordTable[]]) }).safeParse(value)
  if (!head.success) return { problem: 'table' }
  const { table } = head.data
  const { table: _, ...rest } = value as Record<string, unknown>
  const row = schemas[table].safeParse(rest)
  if (!row.success) return { problem: row.error }
  return { record: { table, row: row.data } as SetRecord }
}
