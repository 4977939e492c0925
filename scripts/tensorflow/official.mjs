import { connect } from 'node:net'
import { delimiter, join } from 'node:path'
import { checkBinding } from './load-check.mjs'

/** @typedef {import('./context.mjs').Context} Context */

const STORAGE = 'https://storage.googleapis.com/'
const TEN_MINUTES = 600_000
const FIVE_SECONDS = 5000

/** The server that the package's script will talk to first: a proxy, a mirror or the official storage. @param {Context['env']} env */
export function firstServer(env) {
  const proxy = env.HTTPS_PROXY || env.https_proxy || env.HTTP_PROXY || env.http_proxy
  const mirror = env.TFJS_NODE_BASE_URI || env.TFJS_NODE_CDN_STORAGE || env.CDN_STORAGE
  const { protocol, hostname, port } = new URL(proxy || mirror || STORAGE)
  return { host: hostname, port: Number(port || (protocol === 'https:' ? 443 : 80)) }
}

/** Throws where no connection opens within five seconds. @param {{ host: string, port: number }} server @returns {Promise<void>} */
export function requireConnection({ host, port }) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port })
    const fail = (/** @type {string} */ reason) => {
      socket.destroy()
      reject(new Error(`no connection to ${host} (${reason})`))
    }
    socket.setTimeout(FIVE_SECONDS, () => fail('no answer'))
    socket.once('error', (/** @type {NodeJS.ErrnoException} */ error) => fail(error.code ?? error.message))
    socket.once('connect', () => {
      socket.destroy()
      resolve()
    })
  })
}

/** The environment with the project's programs first, where the package's script finds node-pre-gyp. @param {Context} context */
function withPrograms({ env, projectFolder }) {
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH'
  return { ...env, [name]: [join(projectFolder, 'node_modules', '.bin'), env[name] ?? ''].join(delimiter) }
}

/**
 * Route "official": the package's own install script, which downloads TensorFlow's C library and the binding.
 * @param {Context} context
 * @returns {Promise<string>} the version of TensorFlow
 */
export async function downloadOfficial(context) {
  await requireConnection(firstServer(context.env))
  await context.run(context.node, [join('scripts', 'install.js')], {
    cwd: context.packageFolder,
    env: withPrograms(context),
    timeout: TEN_MINUTES,
  })
  return checkBinding(context)
}
