/** Observations in ascending order of their failure score, prepared once so that every resample is a single pass. */
export interface Ranking {
  /** Index of the observation at each rank; observations without a score (NaN) are left out. */
  order: Int32Array
  /** Score at each rank. */
  scores: Float64Array
  /** 1 where the observation at this rank fails. */
  fails: Uint8Array
  /** 1 at the last rank of each run of equal scores. */
  last: Uint8Array
}

/** @param scores low means failing; NaN: no score */
export function rank(scores: Float64Array, fails: Uint8Array): Ranking {
  const order = Int32Array.from(scores.keys())
    .filter((index) => !Number.isNaN(scores[index]))
    .sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0) || a - b)
  const sorted = Float64Array.from(order, (index) => scores[index] ?? 0)
  return {
    order,
    scores: sorted,
    fails: Uint8Array.from(order, (index) => fails[index] ?? 0),
    last: Uint8Array.from(sorted, (score, at) => Number(score !== sorted[at + 1])),
  }
}

/**
 * Area under the ROC curve: the probability that a failing map scores lower than an accepted one, ties half, each pair
 * weighing the product of its weights. NaN when all weight is on one class.
 */
export function rocAuc({ order, fails, last }: Ranking, weights: Float64Array): number {
  let failing = 0
  let accepted = 0
  let tiedFailing = 0
  let tiedAccepted = 0
  let concordant = 0
  let discordant = 0
  for (let at = 0; at < order.length; at += 1) {
    const weight = weights[order[at] ?? 0] ?? 0
    if (fails[at] === 1) tiedFailing += weight
    else tiedAccepted += weight
    if (last[at] === 0) continue
    concordant += tiedAccepted * (failing + tiedFailing / 2)
    discordant += tiedFailing * (accepted + tiedAccepted / 2)
    failing += tiedFailing
    accepted += tiedAccepted
    tiedFailing = 0
    tiedAccepted = 0
  }
  return concordant / (concordant + discordant)
}

export interface RocPoint {
  falsePositiveRate: number
  truePositiveRate: number
  /** Failing is what scores below it. */
  threshold: number
}

/** How far the first and the last threshold of the curve lie beyond the extreme scores. */
export const BEYOND = 0.01

/** The corners of the ROC curve from (0, 0) to (1, 1): thresholds lie midway between neighbouring distinct scores. */
export function rocPoints({ order, scores, fails, last }: Ranking, weights: Float64Array): RocPoint[] {
  const points: RocPoint[] = [
    { falsePositiveRate: 0, truePositiveRate: 0, threshold: (scores[0] ?? 0) - BEYOND },
  ]
  let failing = 0
  let accepted = 0
  for (let at = 0; at < order.length; at += 1) {
    const weight = weights[order[at] ?? 0] ?? 0
    if (fails[at] === 1) failing += weight
    else accepted += weight
    if (last[at] === 0) continue
    const score = scores[at] ?? 0
    const next = scores[at + 1]
    points.push({
      falsePositiveRate: accepted,
      truePositiveRate: failing,
      threshold: next === undefined ? score + BEYOND : (score + next) / 2,
    })
  }
  return points.map(({ falsePositiveRate, truePositiveRate, threshold }) => ({
    falsePositiveRate: falsePositiveRate / accepted,
    truePositiveRate: truePositiveRate / failing,
    threshold,
  }))
}
