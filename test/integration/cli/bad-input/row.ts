import type { BadInput } from './refusal.ts'

/** A row as one line: input that is bad, so that the exit code is 2 where `more` does not say otherwise. */
export type Row = readonly [
  name: string,
  args: BadInput['args'],
  found: string | RegExp,
  expected: string | RegExp,
  advice: string | RegExp,
  more?: Partial<BadInput>,
]

export function toBadInput([name, args, found, expected, advice, more]: Row): BadInput {
  return { name, args, exit: 2, found, expected, advice, ...more }
}
