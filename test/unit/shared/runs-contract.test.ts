import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { classNames, targetTitle } from '../../../src/shared/class-names.ts'
import { RunRequest, Target, targetOfText, TrainRequest } from '../../../src/shared/contract/runs.ts'
import { describeIssue } from '../../../src/shared/schema-issue.ts'

const RUN = { modelIds: [1], methods: ['sa'], dataset: 'mnist-3-digits-maj', count: 1 }
const TRAINING = { architecture: 'deep', dataset: 'mnist-3-digits-maj' }

describe.each([
  ['runs', RunRequest, RUN],
  ['trainings', TrainRequest, TRAINING],
] as const)('folds of %s', (_, schema, request) => {
  test.each([1, 5])('%d is one', (fold) => {
    expect(schema.parse({ ...request, fold })).toMatchObject({ fold })
  })

  test.each([0, 6, 20, 1.5, Number.NaN])('%d is refused, saying which there are', (fold) => {
    const { error } = schema.safeParse({ ...request, fold })
    expect(error && z.prettifyError(error)).toBe('✖ a fold from 1 to 5\n  → at fold')
  })
})

describe('targets', () => {
  test.each(['label', 'predicted', 0, 9])('%s is one, as text too', (target) => {
    expect(RunRequest.parse({ ...RUN, target })).toMatchObject({ target })
    expect(targetOfText(String(target))).toBe(target)
  })

  test.each(['other', '3', '', -1, 1.5, 2 ** 31, null])('%s is refused, saying what is one', (target) => {
    const { error } = RunRequest.safeParse({ ...RUN, target })
    expect(error?.issues.map((issue) => describeIssue(issue))).toEqual([
      { where: 'target', expected: 'label, predicted or the number of a class' },
    ])
  })

  test.each(['-1', '1.5', '3 ', 'three', ''])("the text '%s' is none", (text) => {
    expect(Target.safeParse(targetOfText(text)).success).toBe(false)
  })

  test('read as people say it', () => {
    expect(targetTitle('mnist-3-digits-maj', 7)).toBe('class 7')
    expect(targetTitle('fashion-mnist-3-items-maj', 7)).toBe('class 7 (Sneaker)')
    expect(targetTitle('fashion-mnist-3-items-maj', 'label')).toBe('true label')
    expect(classNames('mnist-3-digits-maj')).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
    expect(classNames('fashion-mnist-1-items-maj')).toHaveLength(10)
  })
})
