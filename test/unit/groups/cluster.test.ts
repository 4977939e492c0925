import { describe, expect, test } from 'vitest'
import { clusterInWorker } from '../../../src/engine/groups/cluster-in-worker.ts'
import { findCentres, nearestCentre } from '../../../src/engine/groups/cluster.ts'
import { seededGenerator } from '../../../src/shared/seeds.ts'

const PLANTED = [
  [0, 0, 0],
  [5, 0, 0],
  [0, 5, 5],
  [9, 9, 9],
]

/** Rows around planted centres, in a random order, each with the centre that it is from. */
function plantedRows(count: number): { row: number[]; from: number }[] {
  const random = seededGenerator(3, 'planted')
  return Array.from({ length: count }, () => {
    const from = random.uniformInt(0, PLANTED.length - 1)
    return { row: (PLANTED[from] ?? []).map((value) => value + 0.4 * random.normal()), from }
  })
}

describe('k-means', () => {
  test.each([0, 1, 2, 3, 4])('finds planted groups with seed %d', (seed) => {
    const rows = plantedRows(400)
    const centres = findCentres({ features: rows.map(({ row }) => row), groups: 4, seed })
    const found = Map.groupBy(rows, ({ row }) => nearestCentre(centres, row))
    expect([...found.values()].map((group) => new Set(group.map(({ from }) => from)).size)).toEqual([
      1, 1, 1, 1,
    ])
  })

  test('gives the same centres for the same seed, in a thread too', async () => {
    const request = { features: plantedRows(100).map(({ row }) => row), groups: 7, seed: 11 }
    const centres = findCentres(request)
    expect(findCentres(request)).toEqual(centres)
    expect(await clusterInWorker(request, new AbortController().signal)).toEqual(centres)
    expect(findCentres({ ...request, seed: 12 })).not.toEqual(centres)
  })

  test('finds no more groups than rows that differ', () => {
    const features = [...Array.from({ length: 9 }, () => [1, 1]), [2, 2], [2, 2]]
    expect(findCentres({ features, groups: 5, seed: 0 }).toSorted()).toEqual([
      [1, 1],
      [2, 2],
    ])
  })

  test('ends when it is told to, with the reason', async () => {
    const controller = new AbortController()
    const features = Array.from({ length: 5000 }, (_, row) => [row, row % 77, row % 13])
    const fit = clusterInWorker({ features, groups: 60, seed: 0 }, controller.signal)
    setTimeout(() => controller.abort(new Error('stopped')), 20)
    await expect(fit).rejects.toThrow('stopped')
    await expect(clusterInWorker({ features, groups: 2, seed: 0 }, controller.signal)).rejects.toThrow(
      'stopped',
    )
  })
})
