import type { Observation } from '../../../src/engine/calibration/observations.ts'
import { rank, rocAuc } from '../../../src/engine/calibration/roc.ts'
import { cappedPercentage } from '../../../src/engine/metrics/percentage.ts'
import { dominance } from '../../../src/engine/metrics/dominance.ts'
import { drawQueue } from '../../../src/engine/review/queue.ts'
import { seededGenerator } from '../../../src/shared/seeds.ts'

/** What the simulated reviewers go by: the capped percentage at this cap, below this threshold, with logistic noise. */
export const TRUTH = { tau: 0.7, theta: 0.78, noise: 0.04 }

const MARKS = [1, 1, 0] as const

export interface SimulatedMap {
  sequenceId: number
  shares: number[]
  fails: boolean
}

/** Maps of which two and two are of one sequence and alike; each is judged by the same reviewers. */
export function simulateMaps(count: number, seed: number): SimulatedMap[] {
  const generator = seededGenerator(seed, 'simulated reviewers')
  const logistic = (mean: number, spread: number) => 1 / (1 + Math.exp(-(mean + spread * generator.normal())))
  let common = 0
  return Array.from({ length: count }, (_, index) => {
    if (index % 2 === 0) common = generator.normal()
    const odd = logistic(-2.2 + 0.4 * common, 0.7)
    const larger = logistic(0.6 + 0.6 * common, 1.1)
    const shares = [(1 - odd) * larger, (1 - odd) * (1 - larger), odd]
    const value = cappedPercentage(shares, MARKS, TRUTH.tau)
    const fails = generator.float() < 1 / (1 + Math.exp((value - TRUTH.theta) / TRUTH.noise))
    return { sequenceId: Math.floor(index / 2), shares, fails }
  })
}

/** Draws a queue from the maps, worst first by the plain percentage's cap of .80 with a random part, and decides all of it. */
export function reviewWorstFirst(
  maps: readonly SimulatedMap[],
  { size, randomShare, seed }: { size: number; randomShare: number; seed: number },
): Observation[] {
  const values = maps.map(({ shares }) => cappedPercentage(shares, MARKS, 0.8))
  const ranked = Uint32Array.from(maps.keys()).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0))
  const { drawn, probabilities, origins } = drawQueue(ranked, { size, randomShare, seed })
  return Array.from(drawn).flatMap((index, place) => {
    const map = maps[index]
    if (map === undefined) return []
    return [
      {
        ...map,
        mapId: index + 1,
        marks: [...MARKS],
        probability: probabilities[place] ?? null,
        drawnAtRandom: origins[place] === 1,
      },
    ]
  })
}

/** ROC-AUC of the capped percentage among all maps. */
export function aucOfCapped(maps: readonly SimulatedMap[], tau: number): number {
  return aucOf(maps, ({ shares }) => cappedPercentage(shares, MARKS, tau))
}

/** ROC-AUC of dominance among all maps. */
export function aucOfDominance(maps: readonly SimulatedMap[]): number {
  return aucOf(maps, ({ shares }) => -(dominance(shares, MARKS) ?? 0))
}

function aucOf(maps: readonly SimulatedMap[], scoreOf: (map: SimulatedMap) => number): number {
  const ranking = rank(
    Float64Array.from(maps, scoreOf),
    Uint8Array.from(maps, ({ fails }) => Number(fails)),
  )
  return rocAuc(ranking, new Float64Array(maps.length).fill(1))
}
