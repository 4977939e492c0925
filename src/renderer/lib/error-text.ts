/** What went wrong, for people: the message of an error, or the thing itself where it is text. */
export function errorText(problem: unknown): string {
  if (problem instanceof Error) return problem.message
  return typeof problem === 'string' ? problem : 'Nothing is known about the reason.'
}
