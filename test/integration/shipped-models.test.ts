import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openEngine } from '../../src/engine/engine.ts'
import { RESOURCE_ROWS, nameOf } from '../../scripts/resources/rows.ts'
import { temporaryFolder } from './support/temporary-folder.ts'

const folder = temporaryFolder()
const engine = openEngine({
  workspacePath: join(folder, 'models.heatproof'),
  create: true,
  folders: [folder],
})
const { handlers } = engine
afterAll(() => engine.close())

test('shipped models are listed, added once each, and their files are the shipped ones', async () => {
  const files = readdirSync('resources/models').filter((name) => name.endsWith('.safetensors'))
  const { models: before, damaged } = await handlers['models.shipped']({})
  expect(damaged).toEqual([])
  expect(before.map(({ name }) => `${name}.safetensors`)).toEqual(files.sort())
  expect(before.some(({ present }) => present)).toBe(false)

  const names = before.slice(0, 2).map(({ name }) => name)
  const added = await handlers['models.addShipped']({ names })
  expect(added.map(({ name, origin }) => ({ name, origin }))).toEqual(
    names.map((name) => ({ name, origin: 'shipped' })),
  )
  await handlers['models.addShipped']({ names })
  const models = await handlers['models.list']({})
  expect(models.map(({ name }) => name)).toEqual(names)
  for (const { id, sha256 } of models) {
    const bytes = await engine.bulk.modelFile(id)
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256)
  }
  const { models: after } = await handlers['models.shipped']({})
  expect(after.filter(({ present }) => present).map(({ name }) => name)).toEqual(names)
})

test('an unknown shipped model is refused, and none of the others is added', async () => {
  const [first, second, third] = (await handlers['models.shipped']({})).models.map(({ name }) => name)
  const before = await handlers['models.list']({})
  const names = [third ?? second ?? first ?? '', '../deep-mnist-3-digits-maj-seq-12-fold-1']
  expect(() => handlers['models.addShipped']({ names })).toThrow(/no shipped model '\.\.\/deep/)
  expect(await handlers['models.list']({})).toEqual(before)
})

test('every shipped file is a row of the table of trained models, under its own name', async () => {
  const rows = RESOURCE_ROWS.map(nameOf)
  expect(new Set(rows).size).toBe(rows.length)
  for (const { name } of (await handlers['models.shipped']({})).models) expect(rows).toContain(name)
})
