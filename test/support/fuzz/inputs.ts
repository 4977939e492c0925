import fc from 'fast-check'
import { z } from 'zod'

/** As much of JSON Schema as Zod writes. */
interface Schema {
  type?: string
  enum?: unknown[]
  const?: unknown
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema | boolean
  prefixItems?: Schema[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  additionalProperties?: Schema | boolean
  minimum?: number
  maximum?: number
  format?: string
}

const ODD = [
  null,
  true,
  -1,
  0,
  1e308,
  2 ** 53,
  0.5,
  '',
  'x',
  '\u0000',
  '../../etc/passwd',
  '__proto__',
  [],
  {},
]

const SMALL_ID = fc.integer({ min: 0, max: 70 })
const SHORT = fc.constantFrom('Ada', 'a', 'sa', 'gb', 'set', '2', '', "'; DROP TABLE maps; --", '%', '\ud800')

/** Anything at all, and mostly what a schema lets in, with something odd here and there. */
export function inputsLike(schema: z.ZodType): fc.Arbitrary<unknown> {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' })
  return fc.oneof({ weight: 1, arbitrary: fc.jsonValue() }, { weight: 6, arbitrary: like(json as Schema, 0) })
}

function like(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  if (depth > 6) return fc.constant(null)
  return fc.oneof(
    { weight: 12, arbitrary: fitting(schema, depth + 1) },
    { weight: 1, arbitrary: fc.constantFrom<unknown>(...ODD) },
  )
}

function fitting(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  const branches = schema.anyOf ?? schema.oneOf ?? schema.allOf
  if (branches !== undefined) return fc.oneof(...branches.map((branch) => like(branch, depth)))
  if ('const' in schema) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  if (schema.type === 'object') return objectLike(schema, depth)
  if (schema.type === 'array') {
    if (schema.prefixItems !== undefined) {
      return fc.tuple(...schema.prefixItems.map((item) => like(item, depth)))
    }
    return fc.array(like(typeof schema.items === 'object' ? schema.items : {}, depth), { maxLength: 3 })
  }
  return primitiveLike(schema)
}

function objectLike({ properties = {}, required = [], additionalProperties }: Schema, depth: number) {
  const known = Object.entries(properties).map(([name, property]) => [name, like(property, depth)] as const)
  const fixed = fc.record(Object.fromEntries(known), { requiredKeys: required })
  if (typeof additionalProperties !== 'object') return fixed
  return fc
    .tuple(fixed, fc.dictionary(SHORT, like(additionalProperties, depth), { maxKeys: 2 }))
    .map(([left, right]) => ({ ...left, ...right }))
}

function primitiveLike({ type, minimum = -1e6, maximum = 1e6, format }: Schema): fc.Arbitrary<unknown> {
  if (type === 'boolean') return fc.boolean()
  if (type === 'integer') {
    const [min, max] = [Math.max(minimum, -1e9), Math.min(maximum, 1e9)]
    return fc.oneof(SMALL_ID, fc.integer({ min: Math.ceil(min), max: Math.floor(Math.max(min, max)) }))
  }
  if (type === 'number') return fc.double({ min: minimum, max: Math.max(minimum, maximum), noNaN: true })
  if (type === 'string') return format === 'uuid' ? fc.uuid() : fc.oneof(SHORT, fc.string({ maxLength: 20 }))
  return fc.jsonValue({ maxDepth: 1 })
}
