import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { heatproof } from './heatproof.ts'

const workspace = join(temporaryFolder(), 'items.heatproof')

function lastOf(...args: string[]): unknown {
  const { status, stdout, stderr } = heatproof(...args)
  expect([status, stderr]).toEqual([0, expect.not.stringContaining('heatproof: ')])
  return JSON.parse(stdout)
}

test('a convolutional network is trained on sequences of one item, and explained on them', () => {
  const on = ['--workspace', workspace, '--backend', 'wasm', '--dataset', 'mnist-1-digits-maj', '--json']
  heatproof('init', workspace)
  const model = lastOf(
    'train',
    ...on,
    ...['--architecture', 'convdeep', '--steps', '4', '--epochs', '1', '--count', '100'],
  )
  expect(model).toMatchObject({
    name: 'convdeep-mnist-1-digits-maj-seq-4-fold-1',
    architecture: 'convdeep',
    dataset: 'mnist-1-digits-maj',
    items: 1,
    steps: 4,
  })
  const run = lastOf('explain', ...on, '--methods', 'dtd,lrp_a1.5b0.5,gb', '--count', '10')
  expect(run).toMatchObject({ maps: 30, mapsExpected: 30 })

  const refused = heatproof('explain', ...on.slice(0, 4), '--methods', 'sa', '--count', '10')
  expect(refused.status).toBe(2)
  expect(refused.stderr).toContain('reads 28 columns')
  expect(refused.stderr).toContain('the 84 columns of mnist-3-digits-maj')

  lastOf(
    'models',
    '--workspace',
    workspace,
    '--add-shipped',
    'deep-mnist-3-digits-maj-seq-12-fold-1',
    '--json',
  )
  const fitting = lastOf('explain', ...on, '--methods', 'sa', '--count', '10')
  expect(fitting).toMatchObject({ models: [1], maps: 10, mapsExpected: 10 })
})

test('steps that do not divide the columns are refused with those that do', () => {
  const fresh = join(temporaryFolder(), 'steps.heatproof')
  heatproof('init', fresh)
  const args = ['--workspace', fresh, '--dataset', 'mnist-2-digits-maj', '--steps', '12']
  const { status, stderr } = heatproof('train', ...args)
  expect(status).toBe(2)
  expect(stderr).toContain('56 columns')
  expect(stderr).toContain('1, 2, 4, 7, 8, 14, 28, 56')
})
