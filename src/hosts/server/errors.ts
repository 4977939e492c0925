import type { z } from 'zod'
import type { RpcError } from '../../shared/contract/contract.ts'
import { HeatproofError, type ErrorCode } from '../../shared/errors.ts'
import { firstIssue } from '../../shared/schema-issue.ts'

/** HTTP status by code; every other code: 400 for bad input, 500 for a failure. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  workspace_in_use: 409,
  too_few_verdicts: 409,
  cancelled: 409,
}

interface Refusal {
  status: number
  found: string
  expected: string
}

const NO_JSON = { status: 400, found: 'a body that is no plain JSON', expected: 'the input as JSON' }
const UNREADABLE = { status: 400, found: 'a request that cannot be read', expected: 'an address or a call' }

/** What Fastify refuses by itself, in our words. */
const REFUSALS: Record<string, Refusal> = {
  FST_ERR_CTP_BODY_TOO_LARGE: { status: 413, found: 'a larger body', expected: 'a body within the limit' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { status: 415, found: 'no JSON', expected: 'application/json' },
  FST_ERR_CTP_EMPTY_JSON_BODY: NO_JSON,
  FST_ERR_CTP_INVALID_JSON_BODY: NO_JSON,
}

/** Turns whatever was thrown into what may leave the server: messages of unknown errors stay inside. */
export function toPublicError(thrown: unknown): { status: number; error: RpcError } {
  if (thrown instanceof HeatproofError) {
    const status = STATUS[thrown.code] ?? (thrown.exitCode === 2 ? 400 : 500)
    return { status, error: toRpcError(thrown) }
  }
  const refusal = findRefusal(thrown)
  if (refusal === undefined) return { status: 500, error: INTERNAL }
  const { status, ...details } = refusal
  const error = new HeatproofError('bad_argument', { ...details, advice: 'Correct the request.' })
  return { status, error: toRpcError(error) }
}

function findRefusal(thrown: unknown): Refusal | undefined {
  const known = REFUSALS[String(property(thrown, 'code'))]
  const status = Number(property(thrown, 'statusCode'))
  return known ?? (status >= 400 && status < 500 ? { ...UNREADABLE, status } : undefined)
}

function property(thrown: unknown, name: string): unknown {
  return typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, name) : undefined
}

const INTERNAL = toRpcError(
  new HeatproofError('internal', {
    found: 'an unexpected failure in the engine',
    expected: 'an answer',
    advice: 'Try again; the terminal in which Heatproof runs shows the cause.',
  }),
)

/** The fields of an error that a client sees. */
export function toRpcError({ code, message, found, expected, advice }: HeatproofError): RpcError {
  return { code, message, found, expected, advice }
}

/** Names the first thing that a schema did not let through. */
export function toBadArgument(error: z.ZodError, subject: string): HeatproofError {
  const { where, expected } = firstIssue(error)
  const more = error.issues.length > 1 ? ` (and ${error.issues.length - 1} more)` : ''
  return new HeatproofError('bad_argument', {
    found: `${subject}${where === '' ? '' : ` with a wrong '${where}'`}${more}`,
    expected,
    advice: 'Correct the value.',
  })
}
