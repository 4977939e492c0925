import { realpathSync } from 'node:fs'
import { isAbsolute, relative, sep } from 'node:path'
import { HeatproofError } from '../../../shared/errors.ts'

/**
 * The path to be imported, links resolved: it must lie in one of the folders that the user has chosen.
 *
 * @throws HeatproofError `forbidden`, also where nothing is there: whoever may not read a folder does not learn what it holds
 */
export function importSource(path: string, folders: readonly string[]): string {
  const real = realPath(path)
  if (real !== null && folders.some((folder) => isInside(real, folder))) return real
  throw new HeatproofError('forbidden', {
    found: `the path ${path}`,
    expected: `something inside one of the workspace's folders: ${folders.join(', ')}`,
    advice: 'Put it into one of these, or start Heatproof with its folder (`--folder`).',
  })
}

function isInside(path: string, folder: string): boolean {
  const real = realPath(folder)
  if (real === null) return false
  const way = relative(real, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

function realPath(path: string): string | null {
  try {
    return isAbsolute(path) ? realpathSync(path) : null
  } catch {
    return null
  }
}
