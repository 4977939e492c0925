/** The title of a test that may be left out: when it is, the reason stands in it. */
export function titled(title: string, leftOut: boolean, reason: string): string {
  return leftOut ? `${title} (skipped: ${reason})` : title
}
