import { expect, test } from 'vitest'
import { logitsOfModel } from '../../../src/engine/compute/logits.ts'
import { ComputePool } from '../../../src/engine/compute/pool.ts'
import { writeAnyModel } from '../../../src/engine/graph/any-model.ts'
import { NETWORK_CLASSES, smallNetwork } from '../../integration/support/small-network.ts'

const SIDE = 1024
/** One more than are sent to a worker at once, which of such images are 16. */
const COUNT = 17

test('large images are sent in several parts, and each gets the logits that it gets alone', async () => {
  const model = smallNetwork({ name: 'large', rows: SIDE, columns: SIDE, channels: 1 })
  const pool = await ComputePool.start({ backend: 'auto', size: 1 })
  try {
    const logitsOf = logitsOfModel(pool, { key: 'large', file: () => writeAnyModel(model) })
    const image = (index: number) => new Float32Array(SIDE * SIDE).fill(index / COUNT)
    const images = new Float32Array(COUNT * SIDE * SIDE)
    for (let index = 0; index < COUNT; index += 1) images.set(image(index), index * SIDE * SIDE)
    const together = await logitsOf(images, COUNT)
    expect(together).toHaveLength(COUNT * NETWORK_CLASSES)
    for (const index of [0, COUNT - 1]) {
      const own = together.slice(index * NETWORK_CLASSES, (index + 1) * NETWORK_CLASSES)
      const alone = await logitsOf(image(index), 1)
      expect(alone).toHaveLength(NETWORK_CLASSES)
      alone.forEach((logit, place) => expect(own[place]).toBeCloseTo(logit, 3))
    }
  } finally {
    await pool.close()
  }
})
