/**
 * The closed family of errors that Heatproof raises on purpose. Each says what was found, what was expected and
 * what to do; `exitCode` is what the command line exits with (2: bad input, 1: failure, 130: stopped by
 * Ctrl+C, as shells say it).
 */
export const ERROR_CODES = [
  'bad_argument',
  'bad_file',
  'bad_model',
  'bad_values',
  'unknown_method',
  'unknown_term',
  'not_found',
  'conflict',
  'too_few_verdicts',
  'newer_workspace',
  'not_a_workspace',
  'workspace_in_use',
  'cannot_write',
  'port_in_use',
  'forbidden',
  'download_failed',
  'verification_failed',
  'no_backend',
  'no_browser',
  'cancelled',
  'internal',
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]

/** Codes that mean that something failed although the input was fine. */
const FAILURES: ReadonlySet<ErrorCode> = new Set([
  'workspace_in_use',
  'cannot_write',
  'port_in_use',
  'download_failed',
  'verification_failed',
  'no_backend',
  'no_browser',
  'internal',
])

export interface ErrorDetails {
  /** What was found, e.g. `tensor 'in1.weight' of shape [196, 255]`. */
  found: string
  /** What was expected, e.g. `shape [196, 256]`. */
  expected: string
  /** What the user can do about it. */
  advice: string
  cause?: unknown
}

export class HeatproofError extends Error {
  readonly code: ErrorCode
  readonly found: string
  readonly expected: string
  readonly advice: string

  constructor(code: ErrorCode, { found, expected, advice, cause }: ErrorDetails) {
    super(`Found ${found}; expected ${expected}. ${advice}`, cause === undefined ? undefined : { cause })
    this.name = 'HeatproofError'
    this.code = code
    this.found = found
    this.expected = expected
    this.advice = advice
  }

  get exitCode(): 1 | 2 | 130 {
    if (this.code === 'cancelled') return 130
    return FAILURES.has(this.code) ? 1 : 2
  }
}
