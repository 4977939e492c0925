import { existsSync, renameSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bindingFile } from './context.mjs'
import { reasonOf } from './run-process.mjs'

const PROGRAM = fileURLToPath(new URL('multiply.mjs', import.meta.url))

/**
 * Proves that the binding in the package works. One that does not is set aside, so that no program crashes on it.
 * @param {import('./context.mjs').Context} context
 * @returns {Promise<string>} the version of TensorFlow
 * @throws {Error} with the reason in one line
 */
export async function checkBinding(context) {
  try {
    const output = await context.run(context.node, [PROGRAM, context.packageFolder], {
      env: { ...context.env, TF_CPP_MIN_LOG_LEVEL: '2' },
    })
    return output.trim().split('\n').at(-1) ?? ''
  } catch (error) {
    const binding = bindingFile(context)
    if (existsSync(binding)) renameSync(binding, `${binding}.unusable`)
    throw new Error(`the binding does not work (${reasonOf(error)})`, { cause: error })
  }
}
