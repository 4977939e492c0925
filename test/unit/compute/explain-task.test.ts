import { beforeAll, expect, it } from 'vitest'
import { useBackend } from '../../../src/engine/compute/backend.ts'
import { explainTask } from '../../../src/engine/compute/explain-task.ts'
import { prepareModel } from '../../../src/engine/models/prepared-model.ts'
import { itemRegions } from '../../../src/engine/metrics/regions.ts'
import { randomImages, randomModel, TOY_SIZES } from '../../oracle/random-model.ts'

beforeAll(async () => {
  await useBackend('wasm')
})

it.each(['predicted', Int32Array.of(0, 1, 2, 0, 1)] as const)(
  'a task in parts gives what it gives at once (targets %s)',
  async (targets) => {
    const model = prepareModel(randomModel('rlstm', 8))
    const task = {
      modelKey: 'model',
      input: randomImages(5, 8),
      targets,
      methods: ['dtd', 'sa', 'random:3'],
      sampleIndices: [7, 3, 5, 1, 9],
      regions: Array.from({ length: 5 }, (_, n) =>
        itemRegions(TOY_SIZES.rows, TOY_SIZES.columns, n % 2 === 0 ? [1, 1] : [1, 0]),
      ),
    }
    const whole = await explainTask(model, task, 5)
    const parts = await explainTask(model, task, 2)
    model.dispose()
    expect(parts.logits).toEqual(whole.logits)
    expect(parts.classes).toBe(whole.classes)
    expect(parts.maps).toHaveLength(15)
    expect(parts.maps).toEqual(expect.arrayContaining(whole.maps))
  },
)
