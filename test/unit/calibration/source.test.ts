import { expect, it } from 'vitest'
import { sourceOf } from '../../../src/engine/calibration/source.ts'
import { syntheticObservations } from '../../../src/hosts/bench/synthetic-observations.ts'

it('counts the maps of a fit, their sequences, reviewers and queues, and leaves other verdicts out', () => {
  const observations = syntheticObservations(6).map((row, at) =>
    at === 0 ? { ...row, probability: null } : row,
  )
  const verdict = (mapId: number, reviewer: string, queueId: number | null) => ({ mapId, reviewer, queueId })
  const verdicts = [
    verdict(1, 'Ada', 1),
    verdict(1, 'Bob', null),
    verdict(2, 'Ada', 2),
    verdict(99, 'Grace', 7),
  ]
  expect(sourceOf(observations, verdicts)).toEqual({
    ...{ maps: 6, sequences: 3, reviewers: 2, queues: 2, drawnAtRandom: 2, unknownProbability: 1 },
  })
})
