/*
 * The metrics a second time, from their definitions, by other and slower ways than the engine's: pairs instead of sorting,
 * counting instead of ranks, whole windows instead of separable filters.
 */

/** Pixel numbers by falling value; of equal values the lower number first. */
export function slowOrder(values: readonly number[]): number[] {
  const left = values.map((value, pixel) => ({ value, pixel }))
  const order: number[] = []
  while (left.length > 0) {
    const best = left.reduce((a, b) => (b.value > a.value ? b : a))
    order.push(best.pixel)
    left.splice(left.indexOf(best), 1)
  }
  return order
}

export function slowTopAccuracy(
  values: readonly number[],
  strokes: readonly number[],
  count: number,
): number {
  const top = slowOrder(values).slice(0, count)
  return top.filter((pixel) => strokes[pixel] === 1).length / count
}

export function slowMass(values: readonly number[], strokes: readonly number[]): number {
  const sum = (list: readonly number[]) => list.reduce((total, value) => total + value, 0)
  return sum(values.filter((_, pixel) => strokes[pixel] === 1)) / sum(values)
}

/** Every pair of a stroke and another pixel. */
export function slowAuc(values: readonly number[], strokes: readonly number[]): number {
  let won = 0
  let pairs = 0
  values.forEach((inside, i) => {
    values.forEach((outside, j) => {
      if (strokes[i] !== 1 || strokes[j] === 1) return
      pairs += 1
      if (inside > outside) won += 1
      else if (inside === outside) won += 0.5
    })
  })
  return won / pairs
}

/** Half of the relative mean absolute difference. */
export function slowGini(values: readonly number[]): number {
  const absolute = values.map(Math.abs)
  let differences = 0
  for (const a of absolute) for (const b of absolute) differences += Math.abs(a - b)
  const sum = absolute.reduce((total, value) => total + value, 0)
  return differences / (2 * absolute.length * sum)
}

/** `ln S - (sum a ln a) / S`. */
export function slowEntropy(values: readonly number[]): number {
  const absolute = values.map(Math.abs).filter((value) => value > 0)
  const sum = absolute.reduce((total, value) => total + value, 0)
  return Math.log(sum) - absolute.reduce((total, value) => total + value * Math.log(value), 0) / sum
}

/** From the products of differences of all pairs, without means. */
export function slowPearson(a: readonly number[], b: readonly number[]): number {
  let [product, squaresA, squaresB] = [0, 0, 0]
  for (let i = 0; i < a.length; i += 1) {
    for (let j = 0; j < i; j += 1) {
      const [da, db] = [(a[i] ?? 0) - (a[j] ?? 0), (b[i] ?? 0) - (b[j] ?? 0)]
      product += da * db
      squaresA += da * da
      squaresB += db * db
    }
  }
  return product / Math.sqrt(squaresA * squaresB)
}

/** Mid-ranks by counting. */
export function slowRanks(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length
    const equal = values.filter((other) => other === value).length
    return below + (equal + 1) / 2
  })
}

export function slowOverlap(a: readonly number[], b: readonly number[], k: number): number {
  const top = new Set(slowOrder(b).slice(0, k))
  return (
    slowOrder(a)
      .slice(0, k)
      .filter((pixel) => top.has(pixel)).length / k
  )
}

/** Weights and central moments of every whole window. */
export function slowSsim(a: readonly number[], b: readonly number[], columns: number): number {
  const [left, right] = [a, b].map((map) => {
    const largest = Math.max(...map.map(Math.abs))
    return map.map((value) => value / largest)
  }) as [number[], number[]]
  const range = Math.min(...left, ...right) < 0 ? 2 : 1
  const [c1, c2] = [(0.01 * range) ** 2, (0.03 * range) ** 2]
  const rows = a.length / columns
  const values: number[] = []
  for (let row = 5; row < rows - 5; row += 1) {
    for (let column = 5; column < columns - 5; column += 1) {
      const cells: { weight: number; x: number; y: number }[] = []
      for (let dr = -5; dr <= 5; dr += 1) {
        for (let dc = -5; dc <= 5; dc += 1) {
          const pixel = (row + dr) * columns + column + dc
          const weight = Math.exp(-(dr * dr + dc * dc) / 4.5)
          cells.push({ weight, x: left[pixel] ?? NaN, y: right[pixel] ?? NaN })
        }
      }
      const total = cells.reduce((sum, { weight }) => sum + weight, 0)
      const mean = (of: (cell: { x: number; y: number }) => number) =>
        cells.reduce((sum, cell) => sum + cell.weight * of(cell), 0) / total
      const [mx, my] = [mean(({ x }) => x), mean(({ y }) => y)]
      const vx = mean(({ x }) => (x - mx) ** 2)
      const vy = mean(({ y }) => (y - my) ** 2)
      const covariance = mean(({ x, y }) => (x - mx) * (y - my))
      values.push(((2 * mx * my + c1) * (2 * covariance + c2)) / ((mx * mx + my * my + c1) * (vx + vy + c2)))
    }
  }
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
