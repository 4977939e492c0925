import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openEngine } from '../../../src/engine/engine.ts'
import { writeModel } from '../../../src/engine/models/model.ts'
import type { CallInput } from '../../../src/shared/contract/contract.ts'
import { RunRequest } from '../../../src/shared/contract/runs.ts'
import { linearModel } from '../sanity/linear-model.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = temporaryFolder()
const engine = openEngine({
  workspacePath: join(folder, 'targets.heatproof'),
  create: true,
  folders: [folder],
})
const { handlers } = engine
afterAll(() => engine.close())

let modelIds: number[] = []
beforeAll(async () => {
  for (const [classes, name] of [
    [10, 'ten'],
    [5, 'five'],
  ] as const) {
    const base64 = Buffer.from(writeModel({ ...linearModel(classes), name })).toString('base64')
    const request = { fileName: `${name}.safetensors`, base64, layout: 'heatproof' } as const
    modelIds = [...modelIds, (await handlers['models.import'](request)).id]
  }
})

const request = (change: Partial<CallInput<'runs.start'>>) =>
  RunRequest.parse({ modelIds, methods: ['gi'], dataset: 'mnist-3-digits-maj', count: 2, ...change })

describe('a class that one of the models lacks', () => {
  test.each(['runs.start', 'runs.estimate'] as const)('is refused whole by %s', async (name) => {
    await expect(async () => handlers[name](request({ target: 5 }))).rejects.toMatchObject({
      code: 'bad_argument',
      found: 'the target 5 for the model five',
      expected: 'a class from 0 to 4, label or predicted',
      advice: 'Choose a class that all chosen models have an output for.',
    })
    expect(await handlers['runs.list']({})).toEqual([])
    expect(await handlers['jobs.list']({ limit: 10 })).toEqual([])
  })

  test('is fine for the models that have it', async () => {
    const both = await handlers['runs.estimate'](request({ target: 4 }))
    expect(both).toMatchObject({ maps: 4, present: 0 })
    const one = await handlers['runs.estimate'](request({ modelIds: modelIds.slice(0, 1), target: 9 }))
    expect(one).toMatchObject({ maps: 2, present: 0 })
  })
})

describe('a run of a class', () => {
  test('is there for the same class, and not for another', async () => {
    const wanted = request({ modelIds: modelIds.slice(0, 1), target: 4 })
    const { runId, jobId } = await handlers['runs.start'](wanted)
    expect(await engine.waitFor(jobId)).toMatchObject({ status: 'done' })
    expect(await handlers['runs.get']({ id: runId })).toMatchObject({
      target: 4,
      sequences: 2,
      maps: 2,
      mapsExpected: 2,
    })
    const presentOf = async (target: number) =>
      (await handlers['runs.estimate']({ ...wanted, target })).present
    expect([await presentOf(4), await presentOf(3)]).toEqual([2, 0])
    const filter = { target: [4] }
    expect(await handlers['review.facets']({ filter })).toMatchObject({ total: 2 })
  })
})
