import { expect, it } from 'vitest'
import { sortedPairs } from '../../../../src/renderer/views/compare/pair-order.ts'

const pair = (
  sampleId: number,
  spearman: number | null,
  state: 'ok' | 'no_relevance' | 'undefined' = 'ok',
) => ({
  ...{ sampleId, a: sampleId, b: 100 + sampleId, target: 1, rows: 28, columns: 84, label: 1 },
  ...{ labelName: '1', sequence: sampleId },
  agreement: [
    { metric: 'spearman' as const, value: spearman, state },
    { metric: 'ssim' as const, value: -sampleId, state: 'ok' as const },
  ],
})
const pairs = [
  pair(1, 0.4),
  pair(2, null, 'undefined'),
  pair(3, -0.2),
  pair(4, 0.4),
  pair(5, 0, 'no_relevance'),
]
const idsOf = (
  ...[metric, order]: [Parameters<typeof sortedPairs>[1], Parameters<typeof sortedPairs>[2]]
) => {
  const list = sortedPairs({ pairs }, metric, order)
  return Array.from({ length: list.length }, (_, position) => list.at(position)?.sampleId)
}

it('pairs are in the order of one agreement; those without a value of their own come last', () => {
  expect(idsOf('spearman', 'least')).toEqual([3, 1, 4, 2, 5])
  expect(idsOf('spearman', 'most')).toEqual([1, 4, 3, 2, 5])
  expect(idsOf('ssim', 'least')).toEqual([5, 4, 3, 2, 1])
})

it('each pair keeps its agreement', () => {
  const list = sortedPairs({ pairs }, 'spearman', 'least')
  expect(list.agreementAt(0)).toBe(pairs[2]?.agreement)
  expect(list.at(9)).toBeUndefined()
})
