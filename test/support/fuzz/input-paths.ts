import { z } from 'zod'

/** Names of properties that hold a path or the name of a file. */
const PATH = /path|folder|file|directory/i

/** The properties of an input, however deep, whose names say that they hold a path. */
export function inputPaths(schema: z.ZodType): string[] {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' })
  return [...new Set(namesIn(json))].filter((name) => PATH.test(name))
}

function namesIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return []
  return Object.entries(schema).flatMap(([key, value]: [string, unknown]) => {
    const own = key === 'properties' && typeof value === 'object' && value !== null ? Object.keys(value) : []
    return [...own, ...namesIn(value)]
  })
}
