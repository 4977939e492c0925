import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openMapsFile } from '../../../../src/hosts/command-support/maps-file.ts'
import { valuesOf } from '../../../../src/hosts/command-support/measured-maps.ts'
import { measureMaps } from '../../../../src/hosts/command-support/measure-maps.ts'
import { openModelInputs } from '../../../../src/hosts/command-support/model-inputs.ts'
import { writeArray } from '../../../integration/cli/toy-model.ts'
import { temporaryFolder } from '../../../integration/support/temporary-folder.ts'

const folder = temporaryFolder()
const [COUNT, ROWS, COLUMNS] = [2, 2, 4]
const write = (name: string, shape: number[], values: readonly number[]) =>
  writeArray(join(folder, name), { dtype: 'float32', shape, data: Float32Array.from(values) })

/** Dark images, no pixel of which is a stroke; those of the samples differ. */
const GREY = Array.from({ length: COUNT * ROWS * COLUMNS }, (_, index) => -1 + 0.04 * index ** 1.3)
const MAPS = [...[3, 1, 0, 0, 0, 2, 1, 1], ...[1, 1, 5, 1, 1, 1, 5, 1]]

/** Two maps of two items each, of which the first is marked in the one and the second in the other. */
async function measured(inputs: string, channels: number) {
  const maps = await openMapsFile(write('maps.npy', [COUNT, ROWS, COLUMNS], MAPS))
  const marks = write('marks.npy', [COUNT, 2], [1, 0, 0, 1])
  const read = await openModelInputs(inputs, { rows: ROWS, columns: COLUMNS, channels, use: 'a test' }, 8)
  const found = await measureMaps({
    ...{ maps, marks, regions: undefined, inputs: read, flipping: undefined, allBaselines: true },
    ...{ tau: 0.8, seed: 0, signal: new AbortController().signal, onProgress: () => undefined },
  })
  await Promise.all([maps.close(), read.close()])
  return found
}

test('maps of colour images are measured against whole regions, and beside the mean of their channels', async () => {
  const colours = GREY.flatMap((value) =>
    [value - 0.004, value, value + 0.004].map((each) => Math.max(-1, each)),
  )
  const colour = await measured(write('colour.npy', [COUNT, ROWS, COLUMNS, 3], colours), 3)
  const accuracy = colour.rows.map(({ scores }) => valuesOf(scores)['mass_accuracy'])
  expect(accuracy).toEqual([6 / 8, 12 / 16])
  const shares = colour.baselines['input']?.map((scores) => valuesOf(scores)['percentage'] ?? NaN) ?? []
  expect(shares).toHaveLength(COUNT)
  shares.forEach((share, index) => expect(share).toBeCloseTo(markedBrightness(index), 2))
})

/** How much of the brightness of a sample lies in the half that is marked, which is the first of sample 0. */
function markedBrightness(sample: number): number {
  const own = GREY.slice(sample * ROWS * COLUMNS, (sample + 1) * ROWS * COLUMNS).map((value) => value + 1)
  const sum = (isIn: (column: number) => boolean) =>
    own.reduce((total, value, pixel) => (isIn(pixel % COLUMNS) ? total + value : total), 0)
  return sum((column) => column < COLUMNS / 2 === (sample === 0)) / sum(() => true)
}
