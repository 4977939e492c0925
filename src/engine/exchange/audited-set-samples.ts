import { className } from '../../shared/class-names.ts'
import { framesOf } from '../workspace/regions.ts'
import { getSample, listSampleSets, type StoredSample, type StoredSampleSet } from '../workspace/samples.ts'
import type { SetContext } from './audited-set-context.ts'
import { inputFiles, type ArrayFile } from './audited-set-layout.ts'
import type { SetManifest } from './audited-set-manifest.ts'
import type { CsvCell } from './csv.ts'
import { createNpyWriter } from './npy-writer.ts'

/** Samples in memory at once. */
const BATCH = 100

const COLUMNS = [
  ...[
    'sample_id',
    'file',
    'row',
    'rows',
    'columns',
    'channels',
    'label',
    'label_name',
    'marks',
    'region_labels',
  ],
  ...['sample_set', 'dataset', 'split', 'fold', 'set_seed', 'position', 'sequence', 'images'],
]

interface SampleEntry {
  sample: StoredSample
  set: StoredSampleSet
  file: string
  row: number
}

/** Writes the inputs, and what they are and come from as a table and in full as JSON Lines. */
export async function writeSamples(
  context: SetContext,
): Promise<{ count: number; sets: SetManifest['sampleSets'] }> {
  const { database, folder, selection } = context
  const table = await folder.table('samples.csv', COLUMNS)
  const lines = await folder.lines('samples.jsonl')
  const sets = new Map(listSampleSets(database).map((set) => [set.id, set]))
  const used = new Set<StoredSampleSet>()
  let count = 0
  for (const file of inputFiles(selection.maps, context)) {
    const writer = await createNpyWriter(await folder.place(file.path), [
      file.members.length,
      file.rows,
      file.columns,
      ...(file.channels === 1 ? [] : [file.channels]),
    ])
    try {
      for (let row = 0; row < file.members.length; row += BATCH) {
        context.checkCancelled()
        const batch = readBatch(context, sets, file, row)
        for (const { sample } of batch) await writer.append(sample.input)
        await table(batch.map(sampleCells))
        await lines(batch.map(sampleLine))
        for (const { set } of batch) used.add(set)
        count += batch.length
      }
      await writer.finish()
    } finally {
      await writer.discard()
    }
  }
  return { count, sets: [...used].map(recipeOf) }
}

/** What the manifest says of a sample set. */
export function recipeOf({ name, dataset, split, fold, items, seed, source }: StoredSampleSet) {
  return { name, dataset, split, fold, items, seed, source }
}

function readBatch(
  { database }: SetContext,
  sets: ReadonlyMap<number, StoredSampleSet>,
  { path, members }: ArrayFile<number>,
  first: number,
): SampleEntry[] {
  return members.slice(first, first + BATCH).map((id, index) => {
    const sample = getSample(database, id)
    const set = sets.get(sample?.sampleSetId ?? 0)
    if (sample === undefined || set === undefined) throw new Error(`sample ${id} without its set`)
    return { sample, set, file: path, row: first + index }
  })
}

function sampleCells({ sample, set, file, row }: SampleEntry): CsvCell[] {
  const { regions, provenance } = sample
  return [
    ...[
      sample.id,
      file,
      row,
      sample.rows,
      sample.columns,
      sample.channels,
      sample.label,
      className(set.dataset, sample.label, set.source.classNames),
    ],
    ...[regions.map(({ mark }) => mark).join(' '), regions.map(({ label }) => label ?? '-').join(' ')],
    ...[set.name, set.dataset, set.split, set.fold, set.seed, sample.position, provenance.sequence],
    provenance.images.join(' '),
  ]
}

function sampleLine({ sample, set, file, row }: SampleEntry): object {
  const { id, label, rows, columns, channels, position, provenance } = sample
  const regions = framesOf(sample.regions)
  return {
    sampleId: id,
    file,
    row,
    rows,
    columns,
    channels,
    label,
    labelName: className(set.dataset, label, set.source.classNames),
    regions,
    provenance: { ...provenance, position, sampleSet: recipeOf(set) },
  }
}
