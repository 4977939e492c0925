import { spawn } from 'node:child_process'

const ONE_MINUTE = 60_000
const LONGEST_REASON = 200

/**
 * @typedef {object} RunOptions
 * @property {Record<string, string | undefined>} [env]
 * @property {string} [cwd]
 * @property {number} [timeout] in milliseconds
 */

/** The message of whatever was thrown. @param {unknown} error */
export function reasonOf(error) {
  return error instanceof Error ? error.message : String(error)
}

/** The line of a program's output that names the error, else its last line. @param {string} output */
export function errorLine(output) {
  const lines = output.split(/[\r\n]+/).map((line) => line.trim())
  const filled = lines.filter((line) => line !== '')
  const line = filled.find((text) => /(^|\s)\w*error: /i.test(text)) ?? filled.at(-1) ?? 'no output'
  const message = line.replace(/^error: /i, '')
  return message.length > LONGEST_REASON ? `${message.slice(0, LONGEST_REASON)}…` : message
}

/**
 * Runs a program without a shell and returns what it wrote. The program and all that it started are ended when the
 * time is over or when this process is interrupted.
 * @param {string} command
 * @param {string[]} parameters
 * @param {RunOptions} [options]
 * @returns {Promise<string>} standard output and standard error
 * @throws {Error} whose message is one line: not found, ended by a signal, out of time, or the program's own error
 */
export function runProcess(command, parameters, { env, cwd, timeout = ONE_MINUTE } = {}) {
  return new Promise((resolve, reject) => {
    const ownGroup = process.platform !== 'win32'
    const child = spawn(command, parameters, {
      cwd,
      env,
      detached: ownGroup,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const collect = (/** @type {Buffer} */ chunk) => (output += chunk.toString())
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)

    const end = () => {
      if (child.pid === undefined) return
      try {
        if (ownGroup) process.kill(-child.pid, 'SIGKILL')
        else child.kill('SIGKILL')
      } catch {
        // It has ended by itself.
      }
    }
    const interrupted = () => {
      end()
      process.exit(130)
    }
    let late = false
    const timer = setTimeout(() => {
      late = true
      end()
    }, timeout)
    process.once('SIGINT', interrupted)
    process.once('SIGTERM', interrupted)
    const settle = (/** @type {Error | null} */ failure) => {
      clearTimeout(timer)
      process.off('SIGINT', interrupted)
      process.off('SIGTERM', interrupted)
      if (failure === null) resolve(output)
      else reject(failure)
    }

    child.on('error', (error) => {
      const missing = 'code' in error && error.code === 'ENOENT'
      settle(new Error(missing ? `${command} not found` : error.message))
    })
    child.on('close', (code, signal) => {
      if (late) settle(new Error(`not finished after ${Math.round(timeout / 1000)} s`))
      else if (signal !== null) settle(new Error(`ended by ${signal}`))
      else settle(code === 0 ? null : new Error(errorLine(output)))
    })
  })
}
