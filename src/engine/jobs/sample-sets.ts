import type { Database } from 'better-sqlite3'
import type { RunRequest } from '../../shared/contract/runs.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { DATASETS, FOLDS } from '../../shared/names.ts'
import { officialSplit, type Dataset } from '../data/datasets.ts'
import { membersOfPart } from '../data/folds.ts'
import { ITEM_SIDE } from '../data/labelled-images.ts'
import { planSequences } from '../data/majority-sequences.ts'
import { renderSequences, sequenceProvenance, sequenceRegions } from '../data/sequence-images.ts'
import { ensureSampleSet, getSampleSet, insertSamples, type StoredSampleSet } from '../workspace/samples.ts'

/** Samples stored in one transaction: few, since nobody else is answered meanwhile. */
const CHUNK = 100

export type SampleRecipe = Pick<RunRequest, 'dataset' | 'split' | 'fold' | 'count' | 'seed'> & {
  items: number
}

/**
 * The sample set of a recipe; its samples may still be missing.
 *
 * @throws HeatproofError `bad_argument` when the part of the data has fewer samples than `count`, and what reading the data throws
 */
export async function findOrMakeSet(
  database: Database,
  data: Dataset,
  recipe: SampleRecipe,
): Promise<StoredSampleSet> {
  const { dataset, split, fold, seed, items, count } = recipe
  const source = await data[officialSplit(split)]()
  const part = { dataset, split, fold, folds: FOLDS, seed }
  requireEnough(count, membersOfPart(source.labels.length, part).length, recipe)
  return ensureSampleSet(database, {
    name: `${DATASETS[dataset]}, ${split}, fold ${fold}, seed ${seed}`,
    dataset,
    split,
    fold,
    items,
    seed,
    source: { files: source.files.map(({ name, sha256 }) => ({ name, sha256 })) },
  })
}

/**
 * The sample set of a recipe, with at least its first `count` samples stored. Calls `progress` after each chunk.
 *
 * @throws HeatproofError as {@link findOrMakeSet}; `cancelled`
 */
export async function ensureSamples(
  database: Database,
  data: Dataset,
  recipe: SampleRecipe,
  { signal, progress }: { signal?: AbortSignal; progress?: (stored: number) => void } = {},
): Promise<StoredSampleSet> {
  const set = await findOrMakeSet(database, data, recipe)
  const { dataset, split, fold, seed, items, count } = recipe
  if (set.count >= count) return set

  const source = await data[officialSplit(split)]()
  const plan = planSequences({
    dataset,
    split,
    fold,
    folds: FOLDS,
    seed,
    labels: source.labels,
    items,
    count,
  })
  const pixels = ITEM_SIDE * ITEM_SIDE * items
  for (let first = set.count; first < count; first += CHUNK) {
    if (signal?.aborted) throw cancelled()
    const indices = Array.from({ length: Math.min(CHUNK, count - first) }, (_, k) => first + k)
    const rendered = renderSequences(plan, source.images, indices)
    insertSamples(
      database,
      set.id,
      indices.map((position, k) => ({
        position,
        label: plan.labels[position] ?? 0,
        rows: ITEM_SIDE,
        columns: ITEM_SIDE * items,
        input: rendered.subarray(k * pixels, (k + 1) * pixels),
        provenance: { sequence: position, images: sequenceProvenance(plan, position).images },
        regions: sequenceRegions(plan, position),
      })),
    )
    progress?.(first + indices.length)
    await new Promise(setImmediate)
  }
  return getSampleSet(database, set.id) ?? set
}

function requireEnough(count: number, available: number, { dataset, split }: SampleRecipe): void {
  if (count <= available) return
  throw new HeatproofError('bad_argument', {
    found: `a request for ${count} sequences`,
    expected: `at most ${available}, one for each image in the ${split} part of ${dataset}`,
    advice: 'Ask for fewer.',
  })
}

function cancelled(): HeatproofError {
  return new HeatproofError('cancelled', {
    found: 'a request to stop',
    expected: 'all samples to be stored',
    advice: 'Resume the job to go on.',
  })
}
