import { z } from 'zod'
import { HeatproofError } from '../../shared/errors.ts'

/** Options as a request of the contract. @throws HeatproofError `bad_argument` naming every option that does not fit */
export function parseRequest<Schema extends z.ZodType>(
  schema: Schema,
  options: unknown,
  command: string,
): z.output<Schema> {
  const parsed = schema.safeParse(options)
  if (parsed.success) return parsed.data
  throw new HeatproofError('bad_argument', {
    found: z.prettifyError(parsed.error),
    expected: 'options in their ranges',
    advice: `Run \`heatproof ${command} --help\`.`,
  })
}
