import { createHash } from 'node:crypto'
import { createReadStream, existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { fillCache, placeFromCache } from './cache.mjs'
import { BINDING, LIBRARIES, WHEEL } from './context.mjs'
import { checkBinding } from './load-check.mjs'

/** @typedef {import('./context.mjs').Context} Context */

const EXTRACT = fileURLToPath(new URL('extract_wheel.py', import.meta.url))
const TEN_MINUTES = 600_000

/** The wheel, its libraries unpacked, and the stripped ones are on the disk at the same time. */
const BYTES_NEEDED = 1_300_000_000

/** Throws, before anything is downloaded, where the route cannot succeed. @param {Context} context */
async function requirePreconditions(context) {
  if (context.platform !== 'linux-x64') throw new Error(`only for linux-x64, this is ${context.platform}`)
  if (!context.glibc) throw new Error('needs a Linux with glibc')
  if (!existsSync(join(context.headersFolder, 'node_api.h')))
    throw new Error('npm package node-api-headers not found')
  await context.run('g++', ['--version'])
  await context.run('python3', ['-m', 'pip', '--version'])
  const parent = dirname(context.cacheFolder)
  mkdirSync(parent, { recursive: true, mode: 0o700 })
  const free = context.freeBytes(parent)
  if (free < BYTES_NEEDED) {
    const gigabytes = (/** @type {number} */ bytes) => (bytes / 1e9).toFixed(1)
    throw new Error(`needs ${gigabytes(BYTES_NEEDED)} GB in ${parent}, ${gigabytes(free)} GB is free`)
  }
}

/** Downloads the wheel. @param {Context} context @param {string} folder @returns {Promise<string>} its path */
async function download({ run, env }, folder) {
  const { requirement, python, abi, platform } = WHEEL
  const target = ['--python-version', python, '--implementation', 'cp', '--abi', abi, '--platform', platform]
  const quiet = [
    '--quiet',
    '--no-input',
    '--disable-pip-version-check',
    '--no-cache-dir',
    '--retries',
    '1',
    '--timeout',
    '20',
  ]
  const wanted = ['--no-deps', '--only-binary=:all:', ...target, '--dest', folder, requirement]
  await run('python3', ['-m', 'pip', 'download', ...quiet, ...wanted], {
    env: { ...env, PIP_REQUIRE_VIRTUALENV: '0' },
    timeout: TEN_MINUTES,
  })
  const name = readdirSync(folder).find((file) => file.endsWith('.whl'))
  if (name === undefined) throw new Error('pip downloaded no wheel')
  return join(folder, name)
}

/** Throws where a file is not the one expected. @param {string} file @param {string} expected SHA-256 in hexadecimal */
async function verifySha256(file, expected) {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  const found = hash.digest('hex')
  if (found !== expected) throw new Error(`the downloaded wheel has SHA-256 ${found}, expected ${expected}`)
}

/** Removes debug symbols (150 MB); without `strip` the libraries stay large. @param {Context} context @param {string[]} files */
async function strip({ run }, files) {
  try {
    await run('strip', ['--strip-unneeded', ...files])
  } catch {
    // Larger, but as good.
  }
}

/**
 * Compiles the package's own binding against TensorFlow's headers and libraries.
 * @param {Context} context
 * @param {string} includeFolder
 * @param {string} resultFolder holds the libraries and gets the binding
 */
async function compile({ run, packageFolder, headersFolder }, includeFolder, resultFolder) {
  const source = join(packageFolder, 'binding')
  await run(
    'g++',
    [
      ...['-O2', '-fPIC', '-shared', '-std=c++17', '-DNAPI_VERSION=8'],
      ...[includeFolder, headersFolder, source].flatMap((folder) => ['-I', folder]),
      ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(source, name)),
      ...['-o', join(resultFolder, BINDING), '-L', resultFolder],
      ...LIBRARIES.map((name) => `-l:${name}`),
      '-Wl,-rpath,$ORIGIN/../../deps/lib',
    ],
    { timeout: TEN_MINUTES },
  )
}

/**
 * Route "wheel": TensorFlow's libraries from Python's package, and the binding compiled against them, by way of the cache.
 * @param {Context} context
 * @returns {Promise<string>} the version of TensorFlow
 */
export async function buildFromWheel(context) {
  await requirePreconditions(context)
  await fillCache(context, async (work, result) => {
    const wheel = await download(context, work)
    await verifySha256(wheel, context.wheelSha256)
    await context.run('python3', [EXTRACT, wheel, work], { timeout: TEN_MINUTES })
    const unpacked = join(work, 'tensorflow')
    const libraries = LIBRARIES.map((name) => join(result, name))
    for (const name of LIBRARIES) renameSync(join(unpacked, name), join(result, name))
    await strip(context, libraries)
    await compile(context, join(unpacked, 'include'), result)
  })
  placeFromCache(context)
  return checkBinding(context)
}
