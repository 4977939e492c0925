import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { membersOfPart, type Part } from '../../../src/engine/data/folds.ts'
import { errorOf } from '../../support/errors.ts'

function part(split: Part['split'], fold = 1, folds = 5, seed = 1, dataset = 'toy'): Part {
  return { dataset, split, fold, folds, seed }
}

describe('membersOfPart', () => {
  it('divides the training split into 80 % training and 20 % validation', () => {
    expect(membersOfPart(60_000, part('train')).length).toBe(48_000)
    expect(membersOfPart(60_000, part('validation')).length).toBe(12_000)
  })

  it('divides any split exactly: training and validation of a fold, and the validation parts of all folds', () => {
    const sizes = fc.integer({ min: 2, max: 200 }).chain((size) =>
      fc.record({
        size: fc.constant(size),
        folds: fc.integer({ min: 2, max: Math.min(size, 20) }),
        seed: fc.nat(),
      }),
    )
    fc.assert(
      fc.property(sizes, ({ size, folds, seed }) => {
        const everything = Array.from({ length: size }, (_, index) => index)
        const validated: number[] = []
        for (let fold = 1; fold <= folds; fold++) {
          const training = [...membersOfPart(size, part('train', fold, folds, seed))]
          const validation = [...membersOfPart(size, part('validation', fold, folds, seed))]
          expect([...training, ...validation].sort((a, b) => a - b)).toEqual(everything)
          expect(Math.abs(validation.length - size / folds)).toBeLessThan(1)
          expect(training).toEqual(training.toSorted((a, b) => a - b))
          validated.push(...validation)
        }
        expect(validated.sort((a, b) => a - b)).toEqual(everything)
      }),
      { seed: 4 },
    )
  })

  it('takes the whole test split in every fold', () => {
    expect([...membersOfPart(4, part('test', 3))]).toEqual([0, 1, 2, 3])
  })

  it('divides differently for another seed, data set or number of folds', () => {
    const usual = membersOfPart(100, part('validation')).join()
    expect(membersOfPart(100, part('validation')).join()).toBe(usual)
    expect(membersOfPart(100, part('validation', 1, 5, 2)).join()).not.toBe(usual)
    expect(membersOfPart(100, part('validation', 1, 5, 1, 'other')).join()).not.toBe(usual)
  })

  it('refuses more folds than images to divide', () => {
    expect(errorOf(() => membersOfPart(4, part('train', 3))).code).toBe('bad_argument')
  })

  it.each([
    [0, 5],
    [6, 5],
    [1.5, 5],
    [1, 1],
    [1, 0],
    [1, 2.5],
    [NaN, 5],
  ])('refuses fold %d of %d', (fold, folds) => {
    const error = errorOf(() => membersOfPart(100, part('test', fold, folds)))
    expect(error.code).toBe('bad_argument')
    expect(error.found).toBe(`fold ${fold} of ${folds}`)
  })
})
