/** Cosine similarity of marks and shares, `m.s / (|m| |s|)`; 0 when either length is 0. In [-1, 1]. */
export function cosine(shares: readonly number[], marks: readonly number[]): number {
  const length = Math.hypot(...marks) * Math.hypot(...shares)
  if (length === 0) return 0
  return marks.reduce((sum, mark, item) => sum + mark * (shares[item] ?? 0), 0) / length
}
