import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { writeAnyModel } from '../../../src/engine/graph/any-model.ts'
import { float32, int32, values, writeFolder } from '../imports/array-fixture.ts'
import { damageWeights } from '../support/damage-weights.ts'
import { smallNetwork } from '../support/small-network.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { heatproof } from './heatproof.ts'

const folder = temporaryFolder()
const workspace = join(folder, 'w.heatproof')
const [whole, hurt] = ['whole', 'hurt'].map((name) =>
  smallNetwork({ name, rows: 32, columns: 32, channels: 3 }),
)
const REASON = /damaged weights of model 2, hurt, with the SHA-256 \w{12}; expected \w{12}/

function explain(set: string, ...args: string[]) {
  const options = ['--set', set, '--methods', 'gi', '--backend', 'wasm', '--target', 'predicted']
  return heatproof('explain', '--workspace', workspace, ...options, ...args)
}

function importFolder(name: string, side: number): void {
  const path = writeFolder(join(folder, name), {
    'inputs.npy': float32([2, side, side, 3], values(2 * side * side * 3)),
    'labels.npy': int32([2], [0, 1]),
  })
  expect(heatproof('import', path, '--workspace', workspace, '--yes').status).toBe(0)
}

beforeAll(() => {
  expect(heatproof('init', workspace).status).toBe(0)
  for (const network of [whole, hurt]) {
    if (network === undefined) throw new Error('no network')
    const file = join(folder, `${network.name}.safetensors`)
    writeFileSync(file, writeAnyModel(network))
    expect(heatproof('models', '--workspace', workspace, '--import', file).status).toBe(0)
  }
  importFolder('photos', 32)
  importFolder('stamps', 16)
  if (hurt !== undefined) damageWeights(workspace, hurt)
})

test('a damaged model is left out of a run on a set, and named with the reason', () => {
  const { status, stdout, stderr } = explain('photos')
  expect(status).toBe(0)
  expect(stdout).toContain('2 of 2 maps')
  expect(stderr).toMatch(/Model 2, hurt, is damaged and left out: Found damaged weights/)
  expect(stderr).toMatch(REASON)
})

test('with --json what was left out is part of the answer', () => {
  const { status, stdout, stderr } = explain('photos', '--json')
  expect([status, stderr]).toEqual([0, ''])
  const leftOut = [{ id: 2, name: 'hurt', reason: expect.stringMatching(REASON) as string }]
  expect(JSON.parse(stdout)).toMatchObject({ mapsExpected: 2, leftOut })
  expect(JSON.parse(explain('photos', '--models', 'whole', '--json').stdout)).toMatchObject({ leftOut: [] })
})

test.each([
  ['asked for by name', 'photos', ['--models', 'whole,hurt']],
  ['which alone may read such samples', 'stamps', []],
])('a damaged model %s is refused with the reason', (_, set, args) => {
  const { status, stdout, stderr } = explain(set, ...args)
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(REASON)
})
