import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { availableBackends } from '../../../src/engine/compute/backend.ts'

const BACKEND = new URL('../../../src/engine/compute/backend.ts', import.meta.url).href

test('native TensorFlow computes without a word on stderr, and other warnings stay', async (context) => {
  const tensorflow = (await availableBackends()).find(({ name }) => name === 'tensorflow')
  context.skip(tensorflow?.available !== true, `native TensorFlow is not here: ${tensorflow?.reason ?? ''}`)
  const script = `
    import * as tf from '@tensorflow/tfjs-core'
    import { useBackend } from ${JSON.stringify(BACKEND)}
    await useBackend('tensorflow')
    console.log((await tf.tensor1d([1, 2, 3]).sum().data())[0])
    process.emitWarning('still shown', 'DeprecationWarning', 'DEP9999')`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
    cwd: import.meta.dirname,
  })
  expect(stdout).toBe('6\n')
  expect(stderr).toMatch(/^\(node:\d+\) \[DEP9999\] DeprecationWarning: still shown\n\(Use [^\n]*\n$/)
})
