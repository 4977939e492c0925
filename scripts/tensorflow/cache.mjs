import {
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { BINDING, bindingFile, LIBRARIES } from './context.mjs'

/** @typedef {import('./context.mjs').Context} Context */

const ONE_HOUR = 3_600_000
const UNFINISHED = '.unfinished-'

/** Whether the cache holds the libraries and the binding. @param {Pick<Context, 'cacheFolder'>} context */
export function isCached({ cacheFolder }) {
  return [...LIBRARIES, BINDING].every((name) => existsSync(join(cacheFolder, name)))
}

/** Removes what interrupted installations left behind. @param {string} parent */
function removeAbandoned(parent) {
  for (const name of readdirSync(parent)) {
    const folder = join(parent, name)
    if (name.includes(UNFINISHED) && Date.now() - statSync(folder).mtimeMs > ONE_HOUR) {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

/**
 * Fills the cache: `build` works in a new folder beside it and puts its result into the subfolder given; only a whole
 * result gets the cache's name. When another process was faster, its result stays.
 * @param {Context} context
 * @param {(workFolder: string, resultFolder: string) => Promise<void>} build
 */
export async function fillCache({ cacheFolder }, build) {
  const parent = dirname(cacheFolder)
  mkdirSync(parent, { recursive: true, mode: 0o700 })
  removeAbandoned(parent)
  const work = join(parent, `${basename(cacheFolder)}${UNFINISHED}${process.pid}`)
  const result = join(work, 'result')
  rmSync(work, { recursive: true, force: true })
  mkdirSync(result, { recursive: true })
  try {
    await build(work, result)
    try {
      renameSync(result, cacheFolder)
    } catch (error) {
      if (!isCached({ cacheFolder })) throw error
    }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** @param {Context} context */
export function dropCache({ cacheFolder }) {
  rmSync(cacheFolder, { recursive: true, force: true })
}

/** A hard link where both are on one disk, else a copy. @param {string} from @param {string} to */
function linkOrCopy(from, to) {
  rmSync(to, { force: true })
  try {
    linkSync(from, to)
  } catch {
    copyFileSync(from, to, constants.COPYFILE_FICLONE)
  }
}

/** Puts the cached libraries and the binding into the package. @param {Context} context */
export function placeFromCache(context) {
  const binding = bindingFile(context)
  const libraries = join(context.packageFolder, 'deps', 'lib')
  mkdirSync(libraries, { recursive: true })
  mkdirSync(dirname(binding), { recursive: true })
  for (const name of LIBRARIES) linkOrCopy(join(context.cacheFolder, name), join(libraries, name))
  const unfinished = `${binding}.unfinished`
  copyFileSync(join(context.cacheFolder, BINDING), unfinished)
  renameSync(unfinished, binding)
}
