import type { Ranking } from './roc.ts'

export interface Threshold {
  /** Failing is what scores below it. */
  threshold: number
  /** Youden's J = true positive rate - false positive rate. */
  youden: number
}

/** Two J closer than this are a tie. */
const TIE = 1e-12

/**
 * The threshold of the largest (weighted) Youden's J (Youden 1950). Candidates lie midway between neighbouring distinct
 * scores; ties go to the lowest, which predicts fewest failures. Observations of weight 0 are not there. Where all scores
 * are the same there is no candidate: the threshold is that score (nothing fails) and J is 0.
 */
export function youdenThreshold({ order, scores, fails }: Ranking, weights: Float64Array): Threshold {
  let failing = 0
  let accepted = 0
  for (let at = 0; at < order.length; at += 1) {
    const weight = weights[order[at] ?? 0] ?? 0
    if (fails[at] === 1) failing += weight
    else accepted += weight
  }
  let best: Threshold | undefined
  let previous: number | undefined
  let truePositive = 0
  let falsePositive = 0
  for (let at = 0; at < order.length; at += 1) {
    const weight = weights[order[at] ?? 0] ?? 0
    if (weight === 0) continue
    const score = scores[at] ?? 0
    if (previous !== undefined && score > previous) {
      const youden = truePositive / failing - falsePositive / accepted
      if (best === undefined || youden > best.youden + TIE)
        best = { threshold: (previous + score) / 2, youden }
    }
    previous = score
    if (fails[at] === 1) truePositive += weight
    else falsePositive += weight
  }
  return best ?? { threshold: previous ?? 0, youden: 0 }
}

/** The (weighted) Youden's J of one threshold. */
export function youdenOf(
  { order, scores, fails }: Ranking,
  weights: Float64Array,
  threshold: number,
): number {
  const [all, below] = [new Float64Array(2), new Float64Array(2)]
  for (let at = 0; at < order.length; at += 1) {
    const weight = weights[order[at] ?? 0] ?? 0
    const failing = fails[at] ?? 0
    all[failing] = (all[failing] ?? 0) + weight
    if ((scores[at] ?? 0) < threshold) below[failing] = (below[failing] ?? 0) + weight
  }
  return (below[1] ?? 0) / (all[1] ?? 0) - (below[0] ?? 0) / (all[0] ?? 0)
}
