import { BEYOND, type Ranking } from './roc.ts'

/** Two costs closer than this part of the total are a tie. */
const TIE = 1e-12

/**
 * The threshold of the least expected cost, `ratio * (weight of missed failures) + (weight of false alarms)`. Candidates lie
 * midway between neighbouring distinct scores, below the lowest (nothing fails) and above the highest (everything fails);
 * ties go to the lowest, which predicts fewest failures. Observations of weight 0 are not there.
 *
 * @param ratio what a missed failure costs, a false alarm costing 1; above 0
 */
export function costThreshold(
  { order, scores, fails }: Ranking,
  weights: Float64Array,
  ratio: number,
): number {
  let missed = 0
  for (let at = 0; at < order.length; at += 1) {
    if (fails[at] === 1) missed += ratio * (weights[order[at] ?? 0] ?? 0)
  }
  const tie = TIE * missed
  let best: number | undefined
  let least = missed
  let cost = missed
  let previous: number | undefined
  let lowest: number | undefined
  for (let at = 0; at < order.length; at += 1) {
    const weight = weights[order[at] ?? 0] ?? 0
    if (weight === 0) continue
    const score = scores[at] ?? 0
    lowest ??= score
    if (previous !== undefined && score > previous && cost < least - tie) {
      least = cost
      best = (previous + score) / 2
    }
    cost += fails[at] === 1 ? -ratio * weight : weight
    previous = score
  }
  if (previous === undefined || lowest === undefined) return 0
  if (cost < least - tie) return previous + BEYOND
  return best ?? lowest - BEYOND
}
