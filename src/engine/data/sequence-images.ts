import type { Region } from '../../shared/contract/common.ts'
import type { SourceFile } from './idx.ts'
import { ITEM_PIXELS, ITEM_SIDE } from './labelled-images.ts'
import type { SequencePlan } from './majority-sequences.ts'

/** What a sequence was made from: enough to make it again from the named files. */
export interface SequenceProvenance {
  dataset: string
  split: SequencePlan['split']
  fold: number
  folds: number
  seed: number
  items: number
  /** Place of the sequence in its plan. */
  sequence: number
  /** Index of the base image in the official split. */
  base: number
  /** Indices of the items' images in the official split, from left to right. */
  images: number[]
  /** Files of the official split. */
  files: readonly SourceFile[]
}

/** Pixel value 0..255 → [-1, 1] as float32: `2 v / 255 - 1`. */
const SCALED = Float32Array.from({ length: 256 }, (_, value) => (2 * value) / 255 - 1)

/**
 * Draws sequences as network input.
 *
 * @param plan of n items a sequence
 * @param images pixels 0..255 of the official split, [N, 28, 28]
 * @param indices k sequences of the plan, in any order
 * @returns [k, 28, 28 n] in [-1, 1]
 * @throws RangeError where an index is not in the plan or an image not in the split
 */
export function renderSequences(
  plan: SequencePlan,
  images: Uint8Array,
  indices: ArrayLike<number>,
): Float32Array {
  const { items } = plan
  const width = items * ITEM_SIDE
  const rendered = new Float32Array(indices.length * ITEM_SIDE * width)
  for (let place = 0; place < indices.length; place++) {
    for (let item = 0; item < items; item++) {
      const image = plan.images[(indices[place] ?? -1) * items + item] ?? -1
      const from = image * ITEM_PIXELS
      if (from < 0 || from + ITEM_PIXELS > images.length) {
        throw new RangeError(
          `Sequence ${indices[place] ?? 'undefined'} is not in the plan or its image not in the split.`,
        )
      }
      const to = place * ITEM_SIDE * width + item * ITEM_SIDE
      for (let row = 0; row < ITEM_SIDE; row++) {
        for (let column = 0; column < ITEM_SIDE; column++) {
          rendered[to + row * width + column] = SCALED[images[from + row * ITEM_SIDE + column] ?? 0] ?? 0
        }
      }
    }
  }
  return rendered
}

/** The regions of sequence `index`: its items from left to right. */
export function sequenceRegions(plan: SequencePlan, index: number): Region[] {
  return Array.from({ length: plan.items }, (_, item) => ({
    name: `item ${item + 1}`,
    box: { row: 0, column: item * ITEM_SIDE, height: ITEM_SIDE, width: ITEM_SIDE },
    mark: plan.marks[index * plan.items + item] === 1 ? 1 : 0,
    label: plan.classes[index * plan.items + item] ?? 0,
  }))
}

/** What sequence `index` was made from; `files` are those of the split's {@link LabelledImages}. */
export function sequenceProvenance(
  plan: SequencePlan,
  index: number,
  files: readonly SourceFile[] = [],
): SequenceProvenance {
  const { dataset, split, fold, folds, seed, items } = plan
  const images = [...plan.images.subarray(index * items, (index + 1) * items)]
  return {
    dataset,
    split,
    fold,
    folds,
    seed,
    items,
    sequence: index,
    base: plan.bases[index] ?? 0,
    images,
    files,
  }
}
