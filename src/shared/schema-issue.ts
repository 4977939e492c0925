import type { z } from 'zod'

/** The first thing that a schema did not let through, in our words. */
export interface SchemaIssue {
  /** Where it stands, e.g. `0.box.row`; empty for the whole. */
  where: string
  /** What should stand there, e.g. `a number of at least 1`. */
  expected: string
}

type Issue = z.core.$ZodIssue

export function firstIssue(error: z.ZodError): SchemaIssue {
  return error.issues[0] === undefined
    ? { where: '', expected: 'other input' }
    : describeIssue(error.issues[0])
}

export function describeIssue(issue: Issue, outer: readonly PropertyKey[] = []): SchemaIssue {
  const path = [...outer, ...issue.path]
  const deepest = issue.code === 'invalid_union' ? deepestOf(issue.errors) : undefined
  if (deepest !== undefined) return describeIssue(deepest, path)
  return { where: path.map(String).join('.'), expected: expectedBy(issue) }
}

/** Of the alternatives of a union the one that went the furthest is what was meant. */
function deepestOf(alternatives: readonly Issue[][]): Issue | undefined {
  const depth = ([first]: Issue[]) => first?.path.length ?? 0
  const [deepest] = alternatives.toSorted((left, right) => depth(right) - depth(left))
  return deepest?.[0]
}

function expectedBy(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? `a value of type ${issue.expected}`
    case 'invalid_value':
      return issue.values.length === 1
        ? String(issue.values[0])
        : `one of ${issue.values.map(String).join(', ')}`
    case 'too_small':
      return issue.inclusive === false
        ? `more than ${issue.minimum}`
        : `at least ${issue.minimum}${unitOf(issue.origin, issue.minimum)}`
    case 'too_big':
      return issue.inclusive === false
        ? `less than ${issue.maximum}`
        : `at most ${issue.maximum}${unitOf(issue.origin, issue.maximum)}`
    case 'unrecognized_keys':
      return `no ${issue.keys.map((key) => `'${key}'`).join(', ')}`
    case 'invalid_format':
      return issue.format === 'regex' ? issue.message : `text in the form ${issue.format}`
    case 'not_multiple_of':
    case 'invalid_union':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return issue.message
  }
}

const TYPES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object with fields',
  record: 'an object with fields',
  nonoptional: 'a value',
}

function unitOf(origin: string, count: number | bigint): string {
  if (origin === 'string') return count === 1 ? ' character' : ' characters'
  return origin === 'array' ? ' in the list' : ''
}
