import type { Ranking } from './roc.ts'

/** Positive: the heatmap fails. Counts, or sums of weights. */
export interface Confusion {
  truePositive: number
  falsePositive: number
  trueNegative: number
  falseNegative: number
}

export const NO_CONFUSION: Confusion = {
  truePositive: 0,
  falsePositive: 0,
  trueNegative: 0,
  falseNegative: 0,
}

/** Confusion of the prediction 'fails when the score is below the threshold'; counts when no weights are given. */
export function confusionAt(
  { order, scores, fails }: Ranking,
  threshold: number,
  weights?: Float64Array,
): Confusion {
  const confusion = { ...NO_CONFUSION }
  for (let at = 0; at < order.length; at += 1) {
    const weight = weights === undefined ? 1 : (weights[order[at] ?? 0] ?? 0)
    const predicted = (scores[at] ?? 0) < threshold
    if (fails[at] === 1) confusion[predicted ? 'truePositive' : 'falseNegative'] += weight
    else confusion[predicted ? 'falsePositive' : 'trueNegative'] += weight
  }
  return confusion
}

export function addConfusions(a: Confusion, b: Confusion): Confusion {
  return {
    truePositive: a.truePositive + b.truePositive,
    falsePositive: a.falsePositive + b.falsePositive,
    trueNegative: a.trueNegative + b.trueNegative,
    falseNegative: a.falseNegative + b.falseNegative,
  }
}

/** Mean of sensitivity and specificity; null when a class is missing. */
export function balancedAccuracy(confusion: Confusion): number | null {
  const positives = confusion.truePositive + confusion.falseNegative
  const negatives = confusion.trueNegative + confusion.falsePositive
  if (positives === 0 || negatives === 0) return null
  return (confusion.truePositive / positives + confusion.trueNegative / negatives) / 2
}

/** Matthews correlation coefficient, in [-1, 1]; 0 when only one class is predicted, null when a class is missing. */
export function matthewsCorrelation(confusion: Confusion): number | null {
  const { truePositive, falsePositive, trueNegative, falseNegative } = confusion
  const positives = truePositive + falseNegative
  const negatives = trueNegative + falsePositive
  if (positives === 0 || negatives === 0) return null
  const predictedPositives = truePositive + falsePositive
  const predictedNegatives = trueNegative + falseNegative
  if (predictedPositives === 0 || predictedNegatives === 0) return 0
  return (
    (truePositive * trueNegative - falsePositive * falseNegative) /
    Math.sqrt(predictedPositives * positives * negatives * predictedNegatives)
  )
}
