import type { ImportOptions } from '../../../shared/contract/imports.ts'
import { HeatproofError } from '../../../shared/errors.ts'
import { badFile } from '../bad-input.ts'
import type { ArrayFiles } from './array-files.ts'

/** What can be said of maps and the network that they explain alone. */
const OF_MAPS = ['model', 'tool', 'mapLayout', 'explains'] as const
const ADVICE = 'Leave it out, or add maps/METHOD.npy and predictions.npy or logits.npy.'

/** Whether nothing of a network is there: neither its answers nor maps. */
export function areImagesAlone({ arrays, maps }: Pick<ArrayFiles, 'arrays' | 'maps'>): boolean {
  return maps.size === 0 && arrays.predictions === undefined && arrays.logits === undefined
}

/**
 * Images without maps have none of what is said of maps.
 *
 * @param signs of maps, by method
 * @throws HeatproofError `bad_file` (explained classes), `bad_argument` (an option, or what about.json says)
 */
export function requireNothingOfMaps(
  path: string,
  { arrays }: Pick<ArrayFiles, 'arrays'>,
  said: ImportOptions,
  signs: Readonly<Record<string, unknown>>,
): void {
  const expected = 'maps that it speaks of'
  if (arrays.explained !== undefined) {
    throw badFile({ source: path, found: `${arrays.explained.path} without maps`, expected, advice: ADVICE })
  }
  const option = OF_MAPS.find((name) => said[name] !== undefined)
  const name = option ?? (Object.keys(signs).length > 0 ? 'signs' : undefined)
  if (name === undefined) return
  throw new HeatproofError('bad_argument', {
    found: `the option '${name}' for images without maps in ${path}`,
    expected,
    advice: ADVICE,
  })
}
