/** A weighted ROC-AUC straight from its definition: all pairs of a failing and an accepted score. */
export function aucOfPairs(
  scores: ArrayLike<number>,
  fails: ArrayLike<number>,
  weights: ArrayLike<number>,
): number {
  let ordered = 0
  let pairs = 0
  for (let failing = 0; failing < scores.length; failing += 1) {
    if (fails[failing] !== 1) continue
    for (let accepted = 0; accepted < scores.length; accepted += 1) {
      if (fails[accepted] === 1) continue
      const weight = (weights[failing] ?? NaN) * (weights[accepted] ?? NaN)
      const difference = (scores[accepted] ?? NaN) - (scores[failing] ?? NaN)
      pairs += weight
      ordered += weight * (difference > 0 ? 1 : difference === 0 ? 0.5 : 0)
    }
  }
  return ordered / pairs
}

/** Youden's J of one threshold, by going through all observations. */
export function youdenAt(
  threshold: number,
  scores: ArrayLike<number>,
  fails: ArrayLike<number>,
  weights: ArrayLike<number>,
): number {
  const part = (failing: number, below: boolean) =>
    Array.from(scores).reduce(
      (sum, score, at) =>
        sum + (fails[at] === failing && (!below || score < threshold) ? (weights[at] ?? NaN) : 0),
      0,
    )
  return part(1, true) / part(1, false) - part(0, true) / part(0, false)
}
