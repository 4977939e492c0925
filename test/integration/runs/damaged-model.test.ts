import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openEngine } from '../../../src/engine/engine.ts'
import { writeAnyModel } from '../../../src/engine/graph/any-model.ts'
import { float32, int32, values, writeFolder } from '../imports/array-fixture.ts'
import { damageWeights } from '../support/damage-weights.ts'
import { smallNetwork } from '../support/small-network.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const workspacePath = join(folder, 'w.heatproof')
const open = () => openEngine({ workspacePath, create: true, folders: [folder], workers: 1, backend: 'wasm' })

const SIZE = { rows: 32, columns: 32, channels: 3 }
const FILES = ['whole', 'hurt'].map((name) => {
  const file = Buffer.from(writeAnyModel(smallNetwork({ name, ...SIZE })))
  return { fileName: `${name}.safetensors`, base64: file.toString('base64'), layout: 'heatproof' } as const
})

test('a model with damaged weights is named with the reason, the others go on, and its file puts it right', async () => {
  const before = open()
  const images = writeFolder(join(folder, 'photos'), {
    'inputs.npy': float32([2, 32, 32, 3], values(2 * 32 * 32 * 3)),
    'labels.npy': int32([2], [0, 1]),
  })
  const { jobId } = await before.handlers['imports.start']({ path: images, options: {}, createdBy: 'Ada' })
  expect(await before.waitFor(jobId)).toMatchObject({ error: null })
  const ids: number[] = []
  for (const file of FILES) ids.push((await before.handlers['models.import'](file)).id)
  await before.close()
  damageWeights(workspacePath, smallNetwork({ name: 'hurt', ...SIZE }))

  const engine = open()
  const { handlers } = engine
  try {
    const [whole = 0, hurt = 0] = ids
    const reason = /damaged weights of model \d+, hurt, with the SHA-256 \w{12}; expected \w{12}/
    const { models, sets, damaged } = await handlers['runs.inputs']({})
    expect(models.map(({ id }) => id)).toEqual([whole])
    expect(damaged).toEqual([{ id: hurt, reason: expect.stringMatching(reason) as string }])

    const request = { methods: ['gi'], sampleSetId: sets[0]?.id ?? 0, count: 2, target: 'label' } as const
    const start = async (modelIds: number[]) =>
      handlers['runs.startOnSet']({ ...request, methods: ['gi'], modelIds })
    await expect(start(ids)).rejects.toThrow(reason)
    expect(await engine.waitFor((await start([whole])).jobId)).toMatchObject({ status: 'done' })

    for (const file of FILES) await handlers['models.import'](file)
    expect(await handlers['runs.inputs']({})).toMatchObject({
      models: [{ id: whole }, { id: hurt }],
      damaged: [],
    })
    expect(await engine.waitFor((await start(ids)).jobId)).toMatchObject({ status: 'done' })
  } finally {
    await engine.close()
  }
})
