import { HeatproofError } from '../../shared/errors.ts'

/** Heatmaps of each class below which a fit is refused. */
export const LEAST_OF_EACH = 10

/** How many failing and accepted heatmaps a fit still needs. */
export function missingVerdicts(positives: number, negatives: number) {
  return {
    missingPositives: Math.max(0, LEAST_OF_EACH - positives),
    missingNegatives: Math.max(0, LEAST_OF_EACH - negatives),
  }
}

/** @throws HeatproofError `too_few_verdicts`, with the number that is missing of each */
export function requireEnoughVerdicts(positives: number, negatives: number, mode: string): void {
  const { missingPositives, missingNegatives } = missingVerdicts(positives, negatives)
  const missing = [
    ...(missingPositives > 0 ? [`${missingPositives} more failing with '${mode}'`] : []),
    ...(missingNegatives > 0 ? [`${missingNegatives} more accepted`] : []),
  ]
  if (missing.length === 0) return
  throw new HeatproofError('too_few_verdicts', {
    found: `${positives} heatmaps failing with '${mode}' and ${negatives} accepted`,
    expected: `at least ${LEAST_OF_EACH} of each`,
    advice: `Review ${missing.join(' and ')}.`,
  })
}
