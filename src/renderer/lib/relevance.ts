import { parseMethod } from '../../shared/methods.ts'

/** Share of the total of a map by step, left to right; all 0 when the total is (nearly) 0. */
export function stepShares(values: Float32Array, columns: number, steps: number): number[] {
  const sums = Array.from({ length: steps }, () => 0)
  let [total, size] = [0, 0]
  for (const [index, value] of values.entries()) {
    const step = Math.floor(((index % columns) * steps) / columns)
    sums[step] = (sums[step] ?? 0) + value
    total += value
    size += Math.abs(value)
  }
  if (Math.abs(total) <= 1e-6 * size) return sums.map(() => 0)
  return sums.map((sum) => sum / total)
}

/** Three significant digits with a real minus sign, e.g. `0.0123`, `1.20e−7`. */
export function formatSignificant(value: number | null, digits = 3): string {
  if (value === null || !Number.isFinite(value)) return '–'
  if (value === 0) return '0'
  const size = Math.abs(value)
  const text =
    size >= 1e-3 && size < 1e5 ? String(Number(value.toPrecision(digits))) : value.toExponential(digits - 1)
  return text.replace(/-/g, '−')
}

/** What the values of a method's maps are, for the colour bar. */
export function mapUnit(methodId: string): string {
  const method = parseMethod(methodId)
  switch (method.family) {
    case 'sa':
    case 'sa_const_gates':
      return 'Squared gradient of the explained logit'
    case 'gb':
    case 'gb_raw_gates':
      return 'Squared guided gradient of the explained logit'
    case 'random':
      return 'Uniform noise'
    case 'import':
      return 'Relevance as it was imported'
    case 'smoothgrad':
      return method.reduction === 'squared'
        ? 'Mean squared gradient of the explained logit'
        : 'Mean gradient of the explained logit'
    case 'occlusion':
      return 'Drop of the explained logit'
    case 'gi':
    case 'dtd':
    case 'lrp_alpha_beta':
    case 'lrp_eps':
    case 'ig':
      return 'Relevance, in units of the explained logit'
  }
}
