import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { readSafetensors } from '../../../src/engine/exchange/safetensors.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { heatproof } from './heatproof.ts'

const folder = temporaryFolder()
const workspace = join(folder, 'models.heatproof')
const models = (...args: string[]) => heatproof('models', '--workspace', workspace, ...args)
const NAME = 'rlstm-mnist-3-digits-maj-seq-12-fold-1'

beforeAll(() => {
  expect(heatproof('init', workspace).status).toBe(0)
})

test('a shipped model comes in, goes out in the layout of PyTorch, and comes back with the same weights', () => {
  expect(models('--shipped').stdout).toMatch(new RegExp(`${NAME} +98\\.\\d+ % +no`))
  expect(models('--add-shipped', NAME).status).toBe(0)
  expect(models('--shipped').stdout).toMatch(new RegExp(`${NAME} +98\\.\\d+ % +yes`))

  const [foreign, back] = [join(folder, 'torch.safetensors'), join(folder, 'back.safetensors')]
  expect(models('--export', NAME, '--out', foreign, '--layout', 'pytorch').status).toBe(0)
  expect([...readSafetensors(readFileSync(foreign), 'foreign').tensors.keys()]).toContain('lstm.weight_ih_l0')
  const refused = models('--import', foreign)
  expect(refused.status).toBe(2)
  expect(refused.stderr).toContain("no tensor 'lstm.i.weight'")

  const [imported] = z
    .array(z.object({ id: z.int() }))
    .parse(JSON.parse(models('--import', foreign, '--layout', 'pytorch', '--json').stdout))
  expect(models('--export', String(imported?.id), '--out', back).status).toBe(0)
  const shipped = readSafetensors(readFileSync(`resources/models/${NAME}.safetensors`), 'shipped').tensors
  const returned = readSafetensors(readFileSync(back), 'back').tensors
  for (const [name, { data }] of shipped) {
    if (name.endsWith('.bias_raw')) continue
    expect(returned.get(name)?.data).toEqual(data)
  }
})

test('an unknown shipped model is refused with the names that there are', () => {
  const { status, stderr } = models('--add-shipped', 'deeper')
  expect(status).toBe(2)
  expect(stderr).toContain(NAME)
})
