import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { membersOfPart } from '../../../src/engine/data/folds.ts'
import {
  planSequences,
  type SequenceOptions,
  type SequencePlan,
} from '../../../src/engine/data/majority-sequences.ts'
import { seededGenerator } from '../../../src/shared/seeds.ts'
import { errorOf } from '../../support/errors.ts'

/** Labels of `size` images in ten classes, in random order. */
function labelsOf(size: number, seed = 1): Uint8Array {
  return seededGenerator(seed, 'labels').shuffle(Uint8Array.from({ length: size }, (_, index) => index % 10))
}

function options(changes: Partial<SequenceOptions> = {}): SequenceOptions {
  return { labels: labelsOf(1000), dataset: 'toy', split: 'train', fold: 1, folds: 5, seed: 1, ...changes }
}

function sequencesOf({ images, items, count }: SequencePlan): number[][] {
  return Array.from({ length: count }, (_, index) => [...images.subarray(index * items, (index + 1) * items)])
}

function hashOf(plan: SequencePlan): string {
  const hash = createHash('sha256')
  for (const array of [plan.images, plan.labels, plan.marks, plan.classes, plan.bases]) {
    hash.update(Array.from(array).join(','))
  }
  return hash.digest('hex')
}

describe('planSequences', () => {
  it('gives the same plan on every machine and in every version', () => {
    expect(hashOf(planSequences(options({ seed: 42, fold: 2 })))).toBe(
      'ef4127878e0cdfa6b6e3b5d84b2462dc172624354b13f8bc190518ecd75f260a',
    )
  })

  it.each(['train', 'validation', 'test'] as const)('holds the definition on the %s part', (split) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.nat(),
        fc.integer({ min: 1, max: 5 }),
        (items, seed, fold) => {
          const given = options({ labels: labelsOf(500, seed), split, items, seed, fold })
          const plan = planSequences(given)
          const members = new Set(membersOfPart(500, given))
          const majority = Math.floor(items / 2) + 1

          expect(plan.count).toBe(members.size)
          expect(new Set(plan.bases)).toEqual(members) // every image of the part is the base of one sequence
          sequencesOf(plan).forEach((images, index) => {
            const label = plan.labels[index]
            const classes = images.map((image) => given.labels[image])
            expect(new Set(images).size).toBe(items)
            expect(images.every((image) => members.has(image))).toBe(true)
            expect(images).toContain(plan.bases[index])
            expect(label).toBe(given.labels[plan.bases[index] ?? -1])
            expect(classes.filter((other) => other === label).length).toBe(majority)
            expect([...plan.classes.subarray(index * items, (index + 1) * items)]).toEqual(classes)
            const marks = [...plan.marks.subarray(index * items, (index + 1) * items)]
            expect(marks).toEqual(classes.map((other) => (other === label ? 1 : 0)))
          })
        },
      ),
      { seed: 5, numRuns: 24 },
    )
  })

  it('never shares an image between training and validation', () => {
    const training = new Set(planSequences(options({ split: 'train', fold: 3 })).images)
    const validation = planSequences(options({ split: 'validation', fold: 3 })).images
    expect(validation.some((image) => training.has(image))).toBe(false)
  })

  it('makes sequence i the same whatever count is taken', () => {
    const whole = planSequences(options())
    for (const count of [0, 1, 7, 800]) {
      const first = planSequences(options({ count }))
      expect(first.count).toBe(count)
      expect(first.images).toEqual(whole.images.slice(0, 3 * count))
      expect(first.labels).toEqual(whole.labels.slice(0, count))
      expect(first.marks).toEqual(whole.marks.slice(0, 3 * count))
    }
  })

  it('depends on seed, data set, split and fold', () => {
    const variants = [{}, { seed: 2 }, { dataset: 'other' }, { split: 'test' as const }, { fold: 2 }]
    expect(new Set(variants.map((changes) => hashOf(planSequences(options(changes))))).size).toBe(
      variants.length,
    )
  })

  it('draws places, partners and other classes without preference', () => {
    const plan = planSequences(options({ labels: labelsOf(20_000), split: 'test' }))
    const places = [0, 0, 0]
    const otherClasses = new Map<string, number>()
    const baseBeforePartner = sequencesOf(plan).filter((images, index) => {
      const odd = images.findIndex((_, item) => plan.marks[3 * index + item] === 0)
      places[odd] = (places[odd] ?? 0) + 1
      const pair = `${plan.labels[index] ?? ''}-${plan.classes[3 * index + odd] ?? ''}`
      otherClasses.set(pair, (otherClasses.get(pair) ?? 0) + 1)
      return (
        images.indexOf(plan.bases[index] ?? -1) <
        images.findIndex((image, item) => image !== plan.bases[index] && item !== odd)
      )
    }).length
    expect(chiSquare(places, 20_000 / 3)).toBeLessThan(13.8) // 2 degrees of freedom, p = .001
    expect(otherClasses.size).toBe(90)
    expect(chiSquare([...otherClasses.values()], 20_000 / 90)).toBeLessThan(136) // 89 degrees, p = .001
    expect(Math.abs(baseBeforePartner - 10_000)).toBeLessThan(3.3 * Math.sqrt(5_000))
  })

  it.each<[Partial<SequenceOptions>, string, string]>([
    [{ items: 0 }, 'bad_argument', '0 items'],
    [{ items: 9 }, 'bad_argument', '9 items'],
    [{ items: 2.5 }, 'bad_argument', '2.5 items'],
    [{ count: -1 }, 'bad_argument', 'count of -1'],
    [{ count: 801 }, 'bad_argument', 'count of 801'],
    [{ fold: 6 }, 'bad_argument', 'fold 6'],
    [{ labels: Uint8Array.of(1, 1, 2, 2, 3), split: 'test' }, 'bad_values', '1 images of class 3'],
    [{ labels: new Uint8Array(10), split: 'test' }, 'bad_values', '0 of other classes'],
  ])('refuses %o', (changes, code, found) => {
    const error = errorOf(() => planSequences(options(changes)))
    expect(error.code).toBe(code)
    expect(error.found).toContain(found)
  })
})

function chiSquare(counts: readonly number[], expected: number): number {
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}
