import { beforeAll, describe, expect, test } from 'vitest'
import { useBackend } from '../../../src/engine/compute/backend.ts'
import { fromSteps, toSteps } from '../../../src/engine/models/steps.ts'
import { BACKENDS_HERE } from '../../oracle/backends.ts'
import { randomImages } from '../../oracle/random-model.ts'

describe.each(BACKENDS_HERE)('steps on %s', (backend) => {
  beforeAll(async () => {
    await useBackend(backend)
  })

  test.each([1, 2, 4, 12, 84])(
    '%i steps put every pixel where the method card says, and back',
    async (steps) => {
      const sizes = { rows: 28, columns: 84, steps, classes: 10 }
      const count = 3
      const images = randomImages(count, 1, sizes)
      const stepped = toSteps(images, sizes)
      const width = 84 / steps
      expect(stepped.shape).toEqual([steps * count, 28 * width])
      const expected = new Float32Array(images.length)
      for (const [index, pixel] of images.entries()) {
        const column = index % 84
        const row = Math.floor(index / 84) % 28
        const n = Math.floor(index / (84 * 28))
        const t = Math.floor(column / width)
        expected[((t * count + n) * 28 + row) * width + (column % width)] = pixel
      }
      expect(await stepped.data()).toEqual(expected)
      const back = fromSteps(stepped, sizes)
      expect(back.shape).toEqual([count, 28, 84])
      expect(await back.data()).toEqual(images)
      stepped.dispose()
      back.dispose()
    },
  )
})
