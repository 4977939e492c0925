import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Surroundings } from '../heatproof.ts'

/** A folder of its own for one case, in which the program runs. */
export interface Place extends Surroundings {
  /** Absolute path of something in the folder. */
  path: (name: string) => string
  /** Puts a file into the folder and gives its path. */
  put: (name: string, content: string | Uint8Array) => string
}

/** Where the program keeps its own files while it runs, and what others share: neither is part of the case. */
const TEMPORARY = 'temporary'

export function newPlace(root: string): Place {
  const folder = mkdtempSync(join(root, 'case-'))
  const path = (name: string): string => join(folder, name)
  mkdirSync(path(TEMPORARY))
  return {
    folder,
    environment: {
      TMPDIR: path(TEMPORARY),
      XDG_DATA_HOME: path('data'),
      NODE_COMPILE_CACHE: join(root, 'compiled'),
    },
    path,
    put(name, content) {
      mkdirSync(dirname(path(name)), { recursive: true })
      writeFileSync(path(name), content)
      return path(name)
    },
  }
}
