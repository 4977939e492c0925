import type { z } from 'zod'
import { HeatproofError } from '../../shared/errors.ts'
import { describeIssue } from '../../shared/schema-issue.ts'

/**
 * Options as a request of the contract.
 *
 * @param names options whose name is not that of their field in the request, e.g. `{ createdBy: '--by' }`
 * @throws HeatproofError `bad_argument` naming every option that does not fit
 */
export function parseRequest<Schema extends z.ZodType>(
  schema: Schema,
  options: object,
  command: string,
  names: Readonly<Record<string, string>> = {},
): z.output<Schema> {
  const parsed = schema.safeParse(options)
  if (parsed.success) return parsed.data
  const { issues } = parsed.error
  const given = new Map(Object.entries(options))
  throw new HeatproofError('bad_argument', {
    found: issues.map(({ path }) => printOption(String(path[0]), given, names)).join(' and '),
    expected: issues.map((issue) => describeIssue(issue).expected).join(' and '),
    advice: `Correct the option; \`heatproof ${command} --help\` lists all.`,
  })
}

function printOption(
  field: string,
  given: ReadonlyMap<string, unknown>,
  names: Readonly<Record<string, string>>,
): string {
  const value = given.get(field)
  const name = names[field] ?? `--${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  return `${name} ${typeof value === 'string' ? `'${value}'` : String(value)}`
}
