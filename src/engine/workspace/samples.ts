import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import type { SetSplit } from '../../shared/contract/common.ts'
import { SampleSet } from '../../shared/contract/runs.ts'
import { Blob, Float32Blob, json, toBlob } from './blobs.ts'
import { insertRegions, regionsOf, type StoredRegion } from './regions.ts'
import { nextSampleId } from './sample-ids.ts'
import { insert, now, prepared, selectAll, selectNumber, selectOne, transact } from './statements.ts'

/** What a sample set was made from: every source file with its SHA-256. */
export const SampleSource = z.object({
  files: z.array(z.object({ name: z.string(), sha256: z.string() })),
  /** What the classes of an imported set are called, by number; absent: their numbers, or the data set's own names. */
  classNames: z.array(z.string()).optional(),
  /** Of the inputs of an imported set, as they are stored: two sets of one name must have the same. */
  inputsSha256: z.string().optional(),
  /** How many images were imported without maps; absent: the set came with maps, or was drawn here. */
  images: z.int().optional(),
  /** When the set was deleted; absent: it was not. */
  removedAt: z.string().optional(),
})
export type SampleSource = z.infer<typeof SampleSource>

/** Which source images a sequence is made of, left to right, and which base sample it belongs to. */
export const SampleProvenance = z.object({
  sequence: z.int(),
  images: z.array(z.int()),
  /** What whoever brought the sample calls it. */
  name: z.string().optional(),
})
export type SampleProvenance = z.infer<typeof SampleProvenance>

export interface NewSampleSet {
  name: string
  dataset: string
  split: z.infer<typeof SetSplit>
  fold: number
  items: number
  seed: number
  source: SampleSource
}

export interface NewSample {
  /** Place in the set, from 0. */
  position: number
  label: number
  rows: number
  columns: number
  /** Absent: 1. */
  channels?: number
  /** rows x columns x channels, row by row, in [-1, 1]. */
  input: Float32Array
  provenance: SampleProvenance
  regions: StoredRegion[]
}

export const StoredSampleSet = SampleSet.extend({ items: z.int(), source: SampleSource })
export type StoredSampleSet = z.infer<typeof StoredSampleSet>

export interface StoredSample extends NewSample {
  id: number
  channels: number
  sampleSetId: number
}

const SampleSetRow = z.object({
  ...SampleSet.shape,
  items: z.int(),
  source: json(SampleSource),
})

const SELECT_SETS = `
  SELECT id, name, dataset, split, fold, items, seed, source_json AS source, created_at AS createdAt,
    (SELECT count(*) FROM samples WHERE sample_set_id = sample_sets.id) AS count
  FROM sample_sets`

export function listSampleSets(database: Database): StoredSampleSet[] {
  return selectAll(database, SampleSetRow, `${SELECT_SETS} ORDER BY id`)
}

export function getSampleSet(database: Database, id: number): StoredSampleSet | undefined {
  return selectOne(database, SampleSetRow, `${SELECT_SETS} WHERE id = @id`, { id })
}

/** Whether images without maps are being imported into a set: not all are there, and no run came with those that are. */
export function comesIn(database: Database, { id, source: { images }, count }: StoredSampleSet): boolean {
  if (images === undefined || count >= images) return false
  return selectNumber(database, 'SELECT count(*) FROM runs WHERE sample_set_id = @id', { id }) === 0
}

const NamedClassesRow = z.object({ dataset: z.string(), source: json(SampleSource) })

/** What the classes of imported sets are called, by data set. */
export function givenClassNames(database: Database): Record<string, string[]> {
  const sets = selectAll(
    database,
    NamedClassesRow,
    "SELECT dataset, source_json AS source FROM sample_sets WHERE split = 'imported'",
  )
  return Object.fromEntries(
    sets.flatMap(({ dataset, source: { classNames } }) =>
      classNames === undefined ? [] : [[dataset, classNames]],
    ),
  )
}

/** The set with this recipe, made when there is none: the same data, split, fold, items and seed are one set. */
export function ensureSampleSet(database: Database, set: NewSampleSet): StoredSampleSet {
  const { source, ...recipe } = set
  return transact(database, () => {
    prepared(
      database,
      `INSERT INTO sample_sets (name, dataset, split, fold, items, seed, source_json, created_at)
       VALUES (@name, @dataset, @split, @fold, @items, @seed, @source, @createdAt)
       ON CONFLICT (dataset, split, fold, items, seed) DO NOTHING`,
    ).run({ ...recipe, source: JSON.stringify(source), createdAt: now() })
    const stored = selectOne(
      database,
      SampleSetRow,
      `${SELECT_SETS} WHERE dataset = @dataset AND split = @split AND fold = @fold AND items = @items AND seed = @seed`,
      { dataset: set.dataset, split: set.split, fold: set.fold, items: set.items, seed: set.seed },
    )
    if (stored === undefined) throw new Error('the sample set was not stored')
    return stored
  })
}

/** Adds samples to a set, all or none; positions that are there already are left as they are. */
export function insertSamples(
  database: Database,
  sampleSetId: number,
  samples: readonly NewSample[],
): { inserted: number } {
  return transact(database, () => {
    let inserted = 0
    for (const sample of samples) if (insertSample(database, sampleSetId, sample)) inserted += 1
    return { inserted }
  })
}

function insertSample(database: Database, sampleSetId: number, sample: NewSample): boolean {
  const { position, label, rows, columns, channels = 1 } = sample
  const present = prepared(
    database,
    'SELECT 1 FROM samples WHERE sample_set_id = @sampleSetId AND position = @position',
  ).get({ sampleSetId, position })
  if (present !== undefined) return false
  const sampleId = insert(
    database,
    `INSERT INTO samples (id, sample_set_id, position, label, rows, columns, channels, provenance_json, input)
     VALUES (@id, @sampleSetId, @position, @label, @rows, @columns, @channels, @provenance, @input)`,
    {
      id: nextSampleId(database),
      sampleSetId,
      position,
      label,
      rows,
      columns,
      channels,
      provenance: JSON.stringify(sample.provenance),
      input: toBlob(sample.input),
    },
  )
  insertRegions(database, sampleId, sample.regions)
  return true
}

const SampleRow = z.object({
  id: z.int(),
  sampleSetId: z.int(),
  position: z.int(),
  label: z.int(),
  rows: z.int(),
  columns: z.int(),
  channels: z.int(),
  provenance: json(SampleProvenance),
  input: Float32Blob,
})

const SELECT_SAMPLES = `
  SELECT id, sample_set_id AS sampleSetId, position, label, rows, columns, channels, provenance_json AS provenance, input
  FROM samples`

/** Samples of a set in order of position, from `offset` on. */
export function listSamples(
  database: Database,
  sampleSetId: number,
  { offset = 0, limit }: { offset?: number; limit: number },
): StoredSample[] {
  const rows = selectAll(
    database,
    SampleRow,
    `${SELECT_SAMPLES} WHERE sample_set_id = @sampleSetId ORDER BY position LIMIT @limit OFFSET @offset`,
    { sampleSetId, limit, offset },
  )
  return rows.map((row) => ({ ...row, regions: regionsOf(database, row.id) }))
}

/** Samples of a set at positions from `first` on, in order of position; a set may have gaps. */
export function samplesAt(
  database: Database,
  sampleSetId: number,
  { first, count }: { first: number; count: number },
): StoredSample[] {
  const rows = selectAll(
    database,
    SampleRow,
    `${SELECT_SAMPLES} WHERE sample_set_id = @sampleSetId AND position >= @first AND position < @end ORDER BY position`,
    { sampleSetId, first, end: first + count },
  )
  return rows.map((row) => ({ ...row, regions: regionsOf(database, row.id) }))
}

export function getSample(database: Database, id: number): StoredSample | undefined {
  const row = selectOne(database, SampleRow, `${SELECT_SAMPLES} WHERE id = @id`, { id })
  return row && { ...row, regions: regionsOf(database, id) }
}

const InputRow = z.object({ input: Blob })

/** The input alone, as its float32 bytes. */
export function getSampleBytes(database: Database, id: number): Uint8Array | undefined {
  const row = selectOne(database, InputRow, 'SELECT input FROM samples WHERE id = @id', {
    id,
  })
  return row?.input
}

const SizeRow = z.object({ rows: z.int(), columns: z.int() })

/** Different sizes of the samples that these maps explain, which are the sizes of the maps. */
export function sampleSizesOfMaps(
  database: Database,
  mapIds: readonly number[],
): { rows: number; columns: number }[] {
  return selectAll(
    database,
    SizeRow,
    `SELECT DISTINCT rows, "columns" FROM samples
     WHERE id IN (SELECT sample_id FROM maps WHERE id IN (SELECT value FROM json_each(@mapIds)))`,
    { mapIds: JSON.stringify(mapIds) },
  )
}

const SequenceRow = z.object({ id: z.int(), base: z.int() })

/**
 * For each sample the first sample that is made of the same base sequence of the same data: samples of one base sequence
 * are not independent, whichever set they are in.
 */
export function baseSequences(database: Database): Map<number, number> {
  const rows = selectAll(
    database,
    SequenceRow,
    `SELECT samples.id,
       min(samples.id) OVER (PARTITION BY dataset, split, json_extract(provenance_json, '$.sequence')) AS base
     FROM samples JOIN sample_sets ON sample_sets.id = samples.sample_set_id`,
  )
  return new Map(rows.map(({ id, base }) => [id, base]))
}

const FrameRow = z.object({ rows: z.int(), columns: z.int(), provenance: json(SampleProvenance) })

/** Size, regions and base sequence of a sample, without its pixels. */
export function getSampleFrame(
  database: Database,
  id: number,
): { rows: number; columns: number; sequence: number; regions: StoredRegion[] } {
  const row = selectOne(
    database,
    FrameRow,
    'SELECT rows, "columns", provenance_json AS provenance FROM samples WHERE id = @id',
    { id },
  )
  if (row === undefined) throw new Error(`no sample ${id}`)
  const { rows, columns, provenance } = row
  return { rows, columns, sequence: provenance.sequence, regions: regionsOf(database, id) }
}

const FactsRow = z.object({
  id: z.int(),
  rows: z.int(),
  columns: z.int(),
  label: z.int(),
  dataset: z.string(),
  source: json(SampleSource),
  provenance: json(SampleProvenance),
})

/** What people read of the samples with these ids, without pixels and regions; unknown ids are left out. */
export function listSampleFacts(database: Database, ids: readonly number[]): z.infer<typeof FactsRow>[] {
  return selectAll(
    database,
    FactsRow,
    `SELECT samples.id, rows, "columns", label, dataset, source_json AS source, provenance_json AS provenance
     FROM samples JOIN sample_sets ON sample_sets.id = sample_set_id
     WHERE samples.id IN (SELECT value FROM json_each(@ids))`,
    { ids: JSON.stringify(ids) },
  )
}
