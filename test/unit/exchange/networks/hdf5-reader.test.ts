import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { withHdf5 } from '../../../../src/engine/exchange/keras/hdf5-reader.ts'
import { importKeras } from '../../../../src/engine/exchange/keras/import-keras.ts'
import { HeatproofError } from '../../../../src/shared/errors.ts'

const golden = (name: string) => readFileSync(new URL(`golden/${name}`, import.meta.url))
const read = (path: string) =>
  withHdf5(golden('elsewhere.h5'), 'elsewhere.h5', (content) => content.array(path)?.read())

it('reads the numbers of a file, and knows nothing of what it lacks', async () => {
  expect(await read('here')).toEqual(Float32Array.of(0, 1, 2))
  expect(await read('missing/0')).toBeUndefined()
})

it.each(['linked', 'circle'])('follows no link to another file or to itself: %s', async (path) => {
  expect(await read(path)).toBeUndefined()
})

it.each([
  ['outside', '3'],
  ['virtual', '4'],
  ['huge', '30000, 40000'],
])('refuses an array whose numbers are not in the file: %s', async (path, shape) => {
  await expect(read(path)).rejects.toThrow(
    `an array of [${shape}] that is not there as a whole in '${path}' of elsewhere.h5`,
  )
})

it('gives a network or an error of ours for any damage, and reads the next file all the same', async () => {
  const whole = golden('functional.h5')
  let seed = 7
  const below = (most: number) => (seed = (seed * 16_807) % 2_147_483_647) % most
  const refused: unknown[] = []
  for (let attempt = 0; attempt < 120; attempt += 1) {
    const damaged = Uint8Array.from(whole)
    for (let count = 0; count < 6; count += 1) damaged[below(attempt % 2 ? 3000 : whole.length)] = below(256)
    await importKeras(damaged, 'net.h5', { range: [0, 1] }).catch((error: unknown) => refused.push(error))
  }
  expect(refused.length).toBeGreaterThan(10)
  expect(refused.filter((error) => !(error instanceof HeatproofError))).toEqual([])
  expect(await importKeras(whole, 'net.h5', { range: [0, 1] })).toMatchObject({ classes: 3 })
})
