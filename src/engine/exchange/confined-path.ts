import { badFile } from './bad-input.ts'

/**
 * Checks that a path from a file stays inside the folder it is joined to: relative, `/` between parts, no `.`, `..` or
 * empty part, no backslash, drive letter or control character.
 *
 * @param source what names the path, for the message
 * @throws HeatproofError `bad_file`
 */
export function requireConfined(path: string, source: string): void {
  const parts = path.split('/')
  const confined =
    parts.every((part) => part !== '' && part !== '.' && part !== '..') &&
    !/^[a-z]:/i.test(path) &&
    Array.from(path).every((character) => character >= ' ' && character !== '\\')
  if (confined) return
  throw badFile({
    source,
    found: `the path ${JSON.stringify(path)}`,
    expected: "a relative path inside the folder, with '/' between its parts",
  })
}
