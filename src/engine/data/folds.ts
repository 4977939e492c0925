import { HeatproofError } from '../../shared/errors.ts'
import { seededGenerator } from '../../shared/seeds.ts'

/** One part of a data set in one fold of its cross-validation. */
export interface Part {
  /** Name of the data set; it takes part in the seed. */
  dataset: string
  /** `train` and `validation` divide the official training split, `test` is the official test split. */
  split: 'train' | 'validation' | 'test'
  /** 1 to `folds`. */
  fold: number
  folds: number
  seed: number
}

/**
 * Indices of the images of a part in its official split, ascending.
 *
 * The official training split is shuffled once, seeded by (seed, dataset), and cut into `folds` nearly equal pieces.
 * Fold f validates on piece f and trains on all others: with the usual 5 folds 80 % and 20 %. So the validation parts
 * of all folds together are the training split, each image once. The test part is the whole test split in every fold.
 *
 * @param size number of images in the official split that the part belongs to
 * @throws HeatproofError `bad_argument`
 */
export function membersOfPart(size: number, part: Part): Uint32Array {
  const { dataset, split, fold, folds, seed } = part
  requireFold(fold, folds, split === 'test' ? Infinity : size)
  const all = Uint32Array.from({ length: size }, (_, index) => index)
  if (split === 'test') return all
  const shuffled = seededGenerator(seed, 'folds', dataset, folds).shuffle(all)
  const begin = Math.floor((size * (fold - 1)) / folds)
  const end = Math.floor((size * fold) / folds)
  const validation = shuffled.subarray(begin, end)
  if (split === 'validation') return validation.slice().sort()
  const training = new Uint32Array(size - validation.length)
  training.set(shuffled.subarray(0, begin))
  training.set(shuffled.subarray(end), begin)
  return training.sort()
}

function requireFold(fold: number, folds: number, most: number): void {
  const whole = Number.isInteger(fold) && Number.isInteger(folds)
  if (whole && folds >= 2 && folds <= most && fold >= 1 && fold <= folds) return
  throw new HeatproofError('bad_argument', {
    found: `fold ${fold} of ${folds}`,
    expected: '2 folds or more, no more than images, and a fold from 1 to their number',
    advice: 'The reference experiments use folds 1 to 5 of 5.',
  })
}
