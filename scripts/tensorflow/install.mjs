import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { dropCache, isCached, placeFromCache } from './cache.mjs'
import { bindingFile, packageVersion } from './context.mjs'
import { checkBinding } from './load-check.mjs'
import { downloadOfficial } from './official.mjs'
import { reasonOf } from './run-process.mjs'
import { buildFromWheel } from './wheel.mjs'

/** @typedef {import('./context.mjs').Context} Context */

/**
 * @typedef {object} Result
 * @property {'ready' | 'unavailable' | 'off'} outcome
 * @property {'present' | 'cache' | 'official' | 'wheel' | null} route the one that succeeded
 * @property {string} reason what was done, or why nothing was
 */

export const SKIP_VARIABLE = 'HEATPROOF_SKIP_TENSORFLOW'

/** Route "present": the binding is there and works. @param {Context} context */
async function usePresent(context) {
  return existsSync(bindingFile(context)) ? checkBinding(context) : null
}

/** Route "cache": an earlier installation's result. One that does not work is removed. @param {Context} context */
async function useCache(context) {
  if (!isCached(context)) {
    dropCache(context)
    return null
  }
  placeFromCache(context)
  try {
    return await checkBinding(context)
  } catch (error) {
    dropCache(context)
    throw error
  }
}

/** The routes in the order in which they are tried. Each gives TensorFlow's version, null where it has nothing to try, or throws. */
const ROUTES = /** @type {const} */ ([
  { route: 'present', title: 'installed binding', done: 'already there', attempt: usePresent },
  { route: 'cache', title: 'cache', done: 'taken from the cache', attempt: useCache },
  { route: 'official', title: 'official download', done: 'downloaded', attempt: downloadOfficial },
  {
    route: 'wheel',
    title: "Python's wheel",
    done: "built with the libraries of Python's wheel",
    attempt: buildFromWheel,
  },
])

/**
 * Makes native TensorFlow available to the project, if that is possible here. Never throws.
 * @param {Context} context
 * @returns {Promise<Result>}
 */
export async function installTensorflow(context) {
  if (context.env[SKIP_VARIABLE] === '1') {
    return { outcome: 'off', route: null, reason: `turned off by ${SKIP_VARIABLE}=1` }
  }
  if (packageVersion(context.packageFolder) === null) {
    const reason = 'npm left out the optional package @tensorflow/tfjs-node; npm 11.19 or newer keeps it'
    return { outcome: 'unavailable', route: null, reason }
  }
  const refusals = []
  for (const { route, title, done, attempt } of ROUTES) {
    try {
      const version = await attempt(context)
      if (version !== null) return { outcome: 'ready', route, reason: `TensorFlow ${version} ${done}` }
    } catch (error) {
      refusals.push(`${title}: ${reasonOf(error)}`)
    }
  }
  return { outcome: 'unavailable', route: null, reason: refusals.join('; ') }
}

/** The one line for the user. @param {Result} result @param {number} seconds */
export function summary({ outcome, reason }, seconds) {
  if (outcome === 'ready') return `Native TensorFlow: ${reason} (${seconds.toFixed(1)} s).`
  if (outcome === 'off') return `Native TensorFlow: ${reason}.`
  return `Native TensorFlow: not installed, the wasm backend is used instead (${reason}).`
}

/**
 * Writes the result where `heatproof doctor` finds it. Where it cannot be written, doctor says that there is no record.
 * @param {string} projectFolder
 * @param {Result} result
 * @param {number} seconds
 */
export function writeStatus(projectFolder, result, seconds) {
  const file = join(projectFolder, 'node_modules', '.cache', 'heatproof', 'tensorflow.json')
  const status = { ...result, seconds: Number(seconds.toFixed(1)), at: new Date().toISOString() }
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `${JSON.stringify(status, null, 2)}\n`)
  } catch {
    // The line on the terminal has said the same.
  }
}
