import { HeatproofError } from '../../shared/errors.ts'
import { seededGenerator, type SeededGenerator } from '../../shared/seeds.ts'
import { membersOfPart, type Part } from './folds.ts'

export const MOST_ITEMS = 8

export interface SequenceOptions extends Part {
  /** Classes of the official split that the part belongs to: training split for `train` and `validation`. */
  labels: Uint8Array
  /** Items a sequence, 1 to 8 (default 3). */
  items?: number
  /** Only the first `count` sequences of the plan; default all: one for every image of the part. */
  count?: number
}

/** Which images stand in which sequence. N = `count`, n = `items`; arrays are row-major. */
export interface SequencePlan extends Part {
  items: number
  count: number
  /** [N, n] index of each item's image in the official split. */
  images: Uint32Array
  /** [N] majority class. */
  labels: Uint8Array
  /** [N, n] 1 where the item is of the majority class, else 0. */
  marks: Uint8Array
  /** [N, n] class of each item. */
  classes: Uint8Array
  /** [N] index of the base image, the one that the sequence was made from. */
  bases: Uint32Array
}

/**
 * Plans the majority sequences of one part of a data set.
 *
 * Every image of the part is the base of exactly one sequence. Beside it stand `floor(n / 2)` other images of its
 * class, so that the class has a majority of `floor(n / 2) + 1`, and for the rest images of other classes; items are in
 * random order. No image stands twice in a sequence. Partners are drawn uniformly from the images of the same part,
 * so nothing leaks between training, validation and test. For n = 3: base, one of its class, one of another class.
 *
 * The order of the sequences is random too. One stream seeded by (seed, dataset, split, fold, items) draws them one
 * after the other, so sequence i is the same whatever `count` is, on every machine.
 *
 * @throws HeatproofError `bad_argument` (fold, items, count out of range), `bad_values` (a class has too few images)
 */
export function planSequences(options: SequenceOptions): SequencePlan {
  const { labels, dataset, split, fold, folds, seed, items = 3 } = options
  requireItems(items)
  const part = { dataset, split, fold, folds, seed }
  const members = membersOfPart(labels.length, part)
  const count = options.count ?? members.length
  requireCount(count, members.length)
  const majority = Math.floor(items / 2) + 1
  const byClass = groupByClass(members, labels)
  requireEnough(byClass, majority, items - majority, members.length)

  const generator = seededGenerator(seed, 'sequences', dataset, split, fold, items)
  const bases = generator.shuffle(members.slice()).subarray(0, count)
  const images = new Uint32Array(count * items)
  for (const [sequence, base] of bases.entries()) {
    const label = labels[base] ?? 0
    const chosen = [base]
    const sameClass = byClass[label] ?? members
    while (chosen.length < majority) drawAnother(generator, sameClass, chosen)
    while (chosen.length < items) drawAnother(generator, members, chosen, (image) => labels[image] !== label)
    images.set(generator.shuffle(chosen), sequence * items)
  }

  const sequenceLabels = Uint8Array.from(bases, (base) => labels[base] ?? 0)
  const classes = Uint8Array.from(images, (image) => labels[image] ?? 0)
  const marks = classes.map((label, item) => (label === sequenceLabels[Math.floor(item / items)] ? 1 : 0))
  return { ...part, items, count, images, labels: sequenceLabels, marks, classes, bases }
}

/** Appends an image of `pool` that is not chosen yet and fits, each with equal probability. */
function drawAnother(
  generator: SeededGenerator,
  pool: Uint32Array,
  chosen: number[],
  fits: (image: number) => boolean = () => true,
): void {
  for (;;) {
    const image = pool[generator.uniformInt(0, pool.length - 1)]
    if (image !== undefined && fits(image) && !chosen.includes(image)) {
      chosen.push(image)
      return
    }
  }
}

function groupByClass(members: Uint32Array, labels: Uint8Array): (Uint32Array | undefined)[] {
  const groups: number[][] = []
  for (const image of members) (groups[labels[image] ?? 0] ??= []).push(image)
  return Array.from(groups, (group: number[] | undefined) => group && Uint32Array.from(group))
}

function requireItems(items: number): void {
  if (Number.isInteger(items) && items >= 1 && items <= MOST_ITEMS) return
  throw new HeatproofError('bad_argument', {
    found: `${items} items a sequence`,
    expected: `a whole number from 1 to ${MOST_ITEMS}`,
    advice: 'The reference experiments use 3.',
  })
}

function requireCount(count: number, available: number): void {
  if (Number.isInteger(count) && count >= 0 && count <= available) return
  throw new HeatproofError('bad_argument', {
    found: `a count of ${count} sequences`,
    expected: `a whole number from 0 to ${available}: every image of the part makes one sequence`,
    advice: 'Ask for fewer sequences or for another part.',
  })
}

function requireEnough(
  byClass: readonly (Uint32Array | undefined)[],
  majority: number,
  others: number,
  total: number,
): void {
  byClass.forEach((group, label) => {
    if (group === undefined || (group.length >= majority && total - group.length >= others)) return
    throw new HeatproofError('bad_values', {
      found: `${group.length} images of class ${label} and ${total - group.length} of other classes in the part`,
      expected: `at least ${majority} of the class and ${others} of others`,
      advice: 'Use more images or fewer items a sequence.',
    })
  })
}
