import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { bindingFile, machineContext } from '../../../scripts/tensorflow/context.mjs'
import { runProcess } from '../../../scripts/tensorflow/run-process.mjs'
import { titled } from '../../support/skip-reason.ts'

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url))
const PROGRAM = join(PROJECT, 'scripts', 'tensorflow', 'multiply.mjs')
const real = machineContext(PROJECT, process.env)

/** A package that says it is tfjs-node, with the backend and the matrix product given. */
function packageWith(backend: string, product: number[][]): string {
  const folder = mkdtempSync(join(tmpdir(), 'heatproof-package-'))
  writeFileSync(join(folder, 'package.json'), '{ "main": "index.js" }')
  const exports = `{
    getBackend: () => '${backend}',
    backend: () => ({ binding: { TF_Version: '9.9.9' } }),
    matMul: () => ({ arraySync: () => ${JSON.stringify(product)} }),
  }`
  writeFileSync(join(folder, 'index.js'), `module.exports = ${exports}`)
  return folder
}

const PRODUCT = [
  [19, 22],
  [43, 50],
]

test('the right product on the native backend', async () => {
  expect(await runProcess(process.execPath, [PROGRAM, packageWith('tensorflow', PRODUCT)])).toBe('9.9.9\n')
})

test.each([
  ['a wrong product', packageWith('tensorflow', [[19, 22]]), 'found tensorflow [[19,22]], expected'],
  ['another backend', packageWith('cpu', PRODUCT), 'found cpu [[19,22],[43,50]], expected'],
  ['no package', join(tmpdir(), 'no-such-package'), 'Cannot find module'],
])('%s', async (_name, folder, message) => {
  await expect(runProcess(process.execPath, [PROGRAM, folder])).rejects.toThrow(message)
})

const noBinding = !existsSync(bindingFile(real))
test.skipIf(noBinding)(
  titled('the binding that is installed here', noBinding, 'no binding is installed'),
  async () => {
    const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' }
    expect(await runProcess(real.node, [PROGRAM, real.packageFolder], { env })).toMatch(/^2\.\d+\.\d+\n$/)
  },
)
