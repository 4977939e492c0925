import { HeatproofError } from '../../shared/errors.ts'

/** What was found and expected in one file; `source` is its path or another name that the user knows it by. */
export interface FileComplaint {
  source: string
  found: string
  expected: string
  advice?: string
  cause?: unknown
}

/** The error for a file whose bytes do not follow its format. */
export function badFile({ source, found, expected, advice, cause }: FileComplaint): HeatproofError {
  return new HeatproofError('bad_file', {
    found: `${found} in ${source}`,
    expected,
    advice:
      advice ?? 'The file is damaged, incomplete or of another kind: make it again or get a fresh copy.',
    cause,
  })
}

/** Throws `bad_values` at the first value that is NaN or infinite. `what` names the array, e.g. `tensor 'in1.weight'`. */
export function requireFinite(data: Float32Array | Float64Array, what: string, source: string): void {
  const index = data.findIndex((value) => !Number.isFinite(value))
  if (index < 0) return
  throw new HeatproofError('bad_values', {
    found: `${String(data[index])} at index ${index} of ${what} in ${source}`,
    expected: 'finite numbers only',
    advice: 'Make the file again from values without NaN and infinity.',
  })
}
