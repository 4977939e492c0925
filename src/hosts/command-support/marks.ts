import { npyWholeNumbers, readNpyFile } from '../../engine/exchange/npy.ts'
import type { Mark } from '../../engine/metrics/regions.ts'
import { HeatproofError } from '../../shared/errors.ts'

/**
 * Reads marks [N, n] from a .npy file: a list for each of N maps.
 *
 * @throws HeatproofError `not_found`, `bad_file` (damaged; shape; other N than maps), `bad_values` (neither 0 nor 1)
 */
export async function readMarks(path: string, count: number): Promise<Mark[][]> {
  const array = await readNpyFile(path)
  const [found = 0, regions = 0, ...more] = array.shape
  if (array.shape.length < 2 || more.length > 0 || regions === 0) {
    throw unsuitable(
      `an array of shape [${array.shape.join(', ')}] in ${path}`,
      'marks of shape [N, n], n > 0',
    )
  }
  if (found !== count) {
    throw unsuitable(`marks for ${found} maps in ${path}`, `${count}, one row of marks for each map`)
  }
  const values = npyWholeNumbers(array, path)
  const wrong = values.findIndex((value) => value !== 0 && value !== 1)
  if (wrong >= 0) {
    throw new HeatproofError('bad_values', {
      found: `the mark ${values[wrong] ?? ''} of region ${wrong % regions} of map ${Math.floor(wrong / regions)} in ${path}`,
      expected: '0 or 1',
      advice: 'Mark the regions of the majority class with 1, all others with 0.',
    })
  }
  const marks = values.map((value): Mark => (value === 1 ? 1 : 0))
  return Array.from({ length: count }, (_, map) => marks.slice(map * regions, (map + 1) * regions))
}

function unsuitable(found: string, expected: string): HeatproofError {
  return new HeatproofError('bad_file', {
    found,
    expected,
    advice: 'Use the marks that belong to these maps.',
  })
}
