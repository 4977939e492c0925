/**
 * p values adjusted for being one family, after Holm (1979). A test that is undefined (null) is none: it stays null and does not
 * count.
 */
export function holm(values: readonly (number | null)[]): (number | null)[] {
  const order = [...values.keys()]
    .filter((index) => values[index] !== null)
    .sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0))
  const adjusted = values.map((): number | null => null)
  let largest = 0
  order.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, (order.length - rank) * (values[index] ?? 0)))
    adjusted[index] = largest
  })
  return adjusted
}
