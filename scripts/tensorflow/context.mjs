import { existsSync, readFileSync, statfsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { shippedNode } from '../../src/hosts/shipped-node.mjs'
import { runProcess } from './run-process.mjs'

/** The wheel whose libraries route "wheel" links to; the hash is that of the file in Python's public index. */
export const WHEEL = {
  requirement: 'tensorflow-cpu==2.15.1',
  python: '3.11',
  abi: 'cp311',
  platform: 'manylinux2014_x86_64',
  sha256: '54660c074d7241a503e81edfd9f5ef5af88f64051b72e2945f26318c790f2d26',
}

export const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']
export const BINDING = 'tfjs_binding.node'

/**
 * @typedef {object} Context Everything that the routes know of the machine, so that tests can replace it.
 * @property {string} projectFolder folder that holds node_modules
 * @property {string} packageFolder folder of tfjs-node
 * @property {string} headersFolder folder of Node-API's C headers
 * @property {string} cacheFolder folder of the libraries and the binding for exactly these versions
 * @property {string} node the Node that will run the engine
 * @property {string} platform e.g. `linux-x64`
 * @property {boolean} glibc whether the C library is glibc, which Python's wheel needs
 * @property {Record<string, string | undefined>} env
 * @property {string} wheelSha256 expected SHA-256 of the wheel, in hexadecimal
 * @property {typeof runProcess} run
 * @property {(folder: string) => number} freeBytes space left on the disk of a folder, in bytes
 */

/** Version of the installed tfjs-node, or null where npm left it out. @param {string} packageFolder */
export function packageVersion(packageFolder) {
  const file = join(packageFolder, 'package.json')
  if (!existsSync(file)) return null
  /** @type {{ version: string }} */
  const { version } = JSON.parse(readFileSync(file, 'utf8'))
  return version
}

/** Cache folder of the user: XDG_CACHE_HOME, else ~/.cache. @param {Record<string, string | undefined>} env */
function userCache(env) {
  return env.XDG_CACHE_HOME?.startsWith('/') ? env.XDG_CACHE_HOME : join(env.HOME ?? homedir(), '.cache')
}

function usesGlibc() {
  if (process.platform !== 'linux') return false
  Object.assign(process.report, { excludeNetwork: true })
  const { header } = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport())
  return header.glibcVersionRuntime !== undefined
}

/**
 * The context of this machine for a project.
 * @param {string} projectFolder
 * @param {Record<string, string | undefined>} env
 * @returns {Context}
 */
export function machineContext(projectFolder, env) {
  const modules = join(projectFolder, 'node_modules')
  const packageFolder = join(modules, '@tensorflow', 'tfjs-node')
  const platform = `${process.platform}-${process.arch}`
  const key = `tfjs-node-${packageVersion(packageFolder) ?? 'none'}-${WHEEL.requirement.replace('==', '-')}-${platform}`
  const projectNode = join(modules, shippedNode())
  return {
    projectFolder,
    packageFolder,
    headersFolder: join(modules, 'node-api-headers', 'include'),
    cacheFolder: join(userCache(env), 'heatproof', 'tensorflow', key),
    node: existsSync(projectNode) ? projectNode : process.execPath,
    platform,
    glibc: usesGlibc(),
    env,
    wheelSha256: WHEEL.sha256,
    run: runProcess,
    freeBytes: (folder) => {
      const { bavail, bsize } = statfsSync(folder)
      return bavail * bsize
    },
  }
}

/** Where tfjs-node looks for its binding. @param {Context} context */
export function bindingFile({ packageFolder }) {
  return join(packageFolder, 'lib', 'napi-v8', BINDING)
}
