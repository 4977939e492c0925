import { expect, test } from 'vitest'
import { BATCH, forwardFlops, freshModel } from '../../../src/hosts/bench/work.ts'
import { layoutOf } from '../../../src/engine/models/model.ts'

const STEPS = 12

test('operations of a forward pass: two a weight and use, and a kernel is used once a cell', () => {
  const deep = STEPS * (196 * 256 + 512 * 128 + 128 * 256) + 128 * 32 + 32 * 10
  expect(forwardFlops(layoutOf(freshModel('deep')))).toBe(2 * BATCH * deep)

  const convolutions = 28 * 7 * (25 * 24) + 14 * 4 * (9 * 24 * 32)
  const convdeep = STEPS * (convolutions + 448 * 128 + (128 + 256) * 128 + 128 * 256) + 128 * 32 + 32 * 10
  expect(forwardFlops(layoutOf(freshModel('convdeep')))).toBe(2 * BATCH * convdeep)
})
