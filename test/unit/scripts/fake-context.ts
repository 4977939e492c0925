import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Context } from '../../../scripts/tensorflow/context.mjs'
import { BINDING, LIBRARIES } from '../../../scripts/tensorflow/context.mjs'

/** What a program does when it is "run": returns its output, or throws its error. */
export type Program = (parameters: string[], folder: string) => string

export interface FakeMachine {
  context: Context
  /** Every run so far, e.g. `g++ --version`. */
  runs: string[]
}

/** What the downloaded wheel holds where nothing else is said. */
export const WHEEL_TEXT = 'a wheel'

const PIP_VERSION = 'pip 23.2'

/** The folder that follows an option on a command line. */
export function valueAfter(parameters: string[], option: string): string {
  const value = parameters[parameters.indexOf(option) + 1]
  if (value === undefined) throw new Error(`no ${option} in ${parameters.join(' ')}`)
  return value
}

/** pip and the extraction: a wheel of the given text, and libraries that hold their own names. */
export function python(wheel = WHEEL_TEXT): Program {
  return (parameters) => {
    if (parameters.includes('--version')) return PIP_VERSION
    if (parameters.includes('download')) {
      writeFileSync(join(valueAfter(parameters, '--dest'), 'tensorflow_cpu.whl'), wheel)
      return ''
    }
    const unpacked = join(parameters.at(-1) ?? '', 'tensorflow')
    mkdirSync(join(unpacked, 'include'), { recursive: true })
    for (const name of LIBRARIES) writeFileSync(join(unpacked, name), name)
    return ''
  }
}

/** g++: "compiles" by writing the file it was told to. */
export const compiler: Program = (parameters) => {
  if (!parameters.includes('--version')) writeFileSync(valueAfter(parameters, '-o'), 'a compiled binding')
  return ''
}

/** The engine's Node: the load check passes when the binding in the package has one of the texts given. */
export function node(...working: string[]): Program {
  return (parameters, packageFolder) => {
    if (parameters[0]?.endsWith('install.js')) throw new Error('the official script found no file')
    const found = readFileSync(join(packageFolder, 'lib', 'napi-v8', BINDING), 'utf8')
    if (!working.includes(found)) throw new Error('undefined symbol: TF_NewStatus')
    return '2.15.1\n'
  }
}

/**
 * A project in a temporary folder, with a tfjs-node that has no binding, on a Linux machine that has every program and
 * no connection to the official storage.
 */
export function fakeMachine(programs: Record<string, Program>, changes: Partial<Context> = {}): FakeMachine {
  const projectFolder = mkdtempSync(join(tmpdir(), 'heatproof-tensorflow-'))
  onTestFinished(() => rmSync(projectFolder, { recursive: true, force: true }))
  const packageFolder = join(projectFolder, 'node_modules', '@tensorflow', 'tfjs-node')
  const headersFolder = join(projectFolder, 'node_modules', 'node-api-headers', 'include')
  for (const folder of [packageFolder, headersFolder]) mkdirSync(folder, { recursive: true })
  writeFileSync(join(packageFolder, 'package.json'), '{ "version": "4.22.0" }')
  writeFileSync(join(headersFolder, 'node_api.h'), '')
  const runs: string[] = []
  const context: Context = {
    projectFolder,
    packageFolder,
    headersFolder,
    cacheFolder: join(projectFolder, 'cache', 'versions'),
    node: 'node',
    platform: 'linux-x64',
    glibc: true,
    env: { TFJS_NODE_CDN_STORAGE: 'http://127.0.0.1:1/' },
    wheelSha256: createHash('sha256').update(WHEEL_TEXT).digest('hex'),
    freeBytes: () => 1e12,
    run: async (command, parameters) => {
      runs.push([command, ...parameters].join(' '))
      const program = programs[command]
      if (program === undefined) throw new Error(`${command} not found`)
      return Promise.resolve(program(parameters, packageFolder))
    },
    ...changes,
  }
  return { context, runs }
}

/** Puts a binding into the package, as an earlier installation would have. */
export function installBinding({ packageFolder }: Context, content: string): void {
  mkdirSync(join(packageFolder, 'lib', 'napi-v8'), { recursive: true })
  writeFileSync(join(packageFolder, 'lib', 'napi-v8', BINDING), content)
}

/** Fills the cache, as an earlier installation would have. */
export function fillCacheWith(
  { cacheFolder }: Context,
  binding: string,
  libraries: readonly string[] = LIBRARIES,
): void {
  mkdirSync(cacheFolder, { recursive: true })
  for (const name of libraries) writeFileSync(join(cacheFolder, name), name)
  writeFileSync(join(cacheFolder, BINDING), binding)
}
