import { z } from 'zod'
import type { GraphBuilder } from '../networks/graph-builder.ts'
import type { KerasLayer } from './keras-config.ts'

/** A number of units, rows, columns and the like. */
export const Size = z.int().positive().max(1e6)

/** The options of a layer that its meaning rests on. @throws HeatproofError `bad_model` naming the option and its value */
export function optionsOf<Schema extends z.ZodType>(
  builder: GraphBuilder,
  schema: Schema,
  { config }: Pick<KerasLayer, 'config'>,
): z.infer<Schema> {
  const parsed = schema.safeParse(config)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const [option = ''] = issue?.path ?? []
  throw builder.refuse(
    `${String(option)} = ${JSON.stringify(config[String(option)] ?? null)}`,
    `a layer as the user guide lists it (${issue?.message ?? ''})`,
  )
}
