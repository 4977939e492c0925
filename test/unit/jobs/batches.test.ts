import { expect, test } from 'vitest'
import { batchesOf } from '../../../src/engine/jobs/explain-job.ts'

const samples = (from: number, count: number, ...methods: string[]) =>
  Array.from({ length: count }, (_, index) => ({ sampleId: from + index, methods }))

function cut(...missing: { sampleId: number; methods: string[] }[]) {
  return [...batchesOf([{ modelId: 7, samples: missing }], 100)].map(({ sampleIds, methods, checkNodes }) => [
    sampleIds.length,
    sampleIds[0],
    methods.join(),
    checkNodes,
  ])
}

test('the first 50 sequences of a model are checked at every node, the others come in whole batches', () => {
  expect(cut(...samples(0, 230, 'sa', 'dtd'))).toEqual([
    [50, 0, 'sa,dtd', true],
    [100, 50, 'sa,dtd', false],
    [80, 150, 'sa,dtd', false],
  ])
})

test('sequences that lack other methods are in another batch, so that nothing is computed twice', () => {
  expect(cut(...samples(0, 20, 'dtd'), ...samples(20, 90, 'sa', 'dtd'), ...samples(110, 5, 'dtd'))).toEqual([
    [20, 0, 'dtd', true],
    [90, 20, 'sa,dtd', false],
    [5, 110, 'dtd', false],
  ])
})
