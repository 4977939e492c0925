import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { RunRequest, TrainRequest } from '../../../src/shared/contract/runs.ts'

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
