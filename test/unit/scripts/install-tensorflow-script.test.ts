import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { machineContext } from '../../../scripts/tensorflow/context.mjs'
import { readTensorflowStatus } from '../../../src/engine/compute/tensorflow-status.ts'

const SCRIPTS = fileURLToPath(new URL('../../../scripts', import.meta.url))
const UNREACHABLE = { PATH: '/nowhere', CDN_STORAGE: 'http://127.0.0.1:1/' }

/** A project folder with a tfjs-node that has no binding, or without the package. */
function makeProject(withPackage: boolean): string {
  const project = mkdtempSync(join(tmpdir(), 'heatproof-project-'))
  onTestFinished(() => rmSync(project, { recursive: true, force: true }))
  const folder = join(project, 'node_modules', '@tensorflow', 'tfjs-node')
  mkdirSync(withPackage ? folder : join(project, 'node_modules'), { recursive: true })
  if (withPackage) writeFileSync(join(folder, 'package.json'), '{ "version": "4.22.0" }')
  return project
}

function install(
  project: string,
  env: Record<string, string>,
  script = join(SCRIPTS, 'install-tensorflow.mjs'),
) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, project], {
    env: { XDG_CACHE_HOME: join(project, 'cache'), ...env },
    encoding: 'utf8',
  })
  const recorded = readTensorflowStatus(
    join(project, 'node_modules', '.cache', 'heatproof', 'tensorflow.json'),
  )
  return { status, stdout, stderr, recorded }
}

const ONE_LINE = /^Native TensorFlow: [^\n]+\n$/

test('without any program or network: exit code 0, one line, and the reasons on record', () => {
  const { status, stdout, stderr, recorded } = install(makeProject(true), UNREACHABLE)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toMatch(ONE_LINE)
  expect(stdout).toMatch(/not installed, the wasm backend is used instead .*ECONNREFUSED/)
  expect(recorded).toMatchObject({ outcome: 'unavailable', route: null })
})

test('without the package', () => {
  const { status, stdout, recorded } = install(makeProject(false), UNREACHABLE)
  expect(status).toBe(0)
  expect(stdout).toMatch(ONE_LINE)
  expect(recorded.reason).toMatch(/^npm left out/)
})

test('turned off', () => {
  const { status, stdout, recorded } = install(makeProject(true), {
    ...UNREACHABLE,
    HEATPROOF_SKIP_TENSORFLOW: '1',
  })
  expect(status).toBe(0)
  expect(stdout).toBe('Native TensorFlow: turned off by HEATPROOF_SKIP_TENSORFLOW=1.\n')
  expect(recorded).toMatchObject({ outcome: 'off', route: null })
})

test('where nothing can be written', () => {
  const { status, stdout, stderr, recorded } = install('/dev/null/project', UNREACHABLE)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toMatch(ONE_LINE)
  expect(recorded.outcome).toBe('unknown')
})

test('where its own parts are damaged', () => {
  const project = makeProject(true)
  const scripts = join(project, 'scripts')
  cpSync(SCRIPTS, scripts, { recursive: true })
  writeFileSync(join(scripts, 'tensorflow', 'context.mjs'), 'this is no JavaScript')
  const { status, stdout } = install(project, UNREACHABLE, join(scripts, 'install-tensorflow.mjs'))
  expect(status).toBe(0)
  expect(stdout).toMatch(/^Native TensorFlow: not installed \(SyntaxError: [^\n]+\)\.\n$/)
})

test('the cache lies outside the project and is named after the versions', () => {
  const project = makeProject(true)
  const { cacheFolder } = machineContext(project, { XDG_CACHE_HOME: '/cache', HOME: '/home/me' })
  expect(cacheFolder).toBe(
    `/cache/heatproof/tensorflow/tfjs-node-4.22.0-tensorflow-cpu-2.15.1-${process.platform}-${process.arch}`,
  )
  expect(machineContext(project, { HOME: '/home/me' }).cacheFolder).toMatch(
    /^\/home\/me\/\.cache\/heatproof\//,
  )
  expect(machineContext(project, { XDG_CACHE_HOME: 'relative', HOME: '/home/me' }).cacheFolder).toMatch(
    /^\/home\/me/,
  )
})

test('the script runs without development dependencies: its parts import Node alone', () => {
  const parts = ['cache', 'context', 'install', 'load-check', 'multiply', 'official', 'run-process', 'wheel']
  for (const part of parts) {
    const text = readFileSync(join(SCRIPTS, 'tensorflow', `${part}.mjs`), 'utf8')
    for (const [, source = ''] of text.matchAll(/^import .* from '(.*)'$/gm))
      expect(source).toMatch(/^(node:|\.\/|\.\.\/\.\.\/src\/hosts\/shipped-node\.mjs$)/)
  }
  const shipped = readFileSync(join(SCRIPTS, '../src/hosts/shipped-node.mjs'), 'utf8')
  expect(shipped).not.toMatch(/^import /m)
})
