import { HeatproofError } from '../../shared/errors.ts'
import type { SentError } from './protocol.ts'

/** Any error as something that a thread can send. */
export function toSentError(error: unknown): SentError {
  if (error instanceof HeatproofError) {
    const { code, found, expected, advice } = error
    return { code, found, expected, advice }
  }
  return {
    code: 'internal',
    found: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    expected: 'the computation to finish',
    advice: 'Try again; if it stays, report it with the output of `heatproof doctor`.',
  }
}

export function fromSentError({ code, ...details }: SentError): HeatproofError {
  return new HeatproofError(code, details)
}
