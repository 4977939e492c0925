import { expect, it } from 'vitest'
import { latestOnly } from '../../../src/renderer/lib/latest.ts'

it('does one thing at a time, and of those that wait only the latest', async () => {
  const done: number[] = []
  let finish = (): void => undefined
  const ask = latestOnly((asked: number) => {
    done.push(asked)
    return new Promise<void>((resolve) => (finish = resolve))
  })
  for (const asked of [1, 2, 3]) ask(asked)
  expect(done).toEqual([1])
  finish()
  await Promise.resolve()
  expect(done).toEqual([1, 3])
})

it('goes on after a failure', async () => {
  const done: number[] = []
  const ask = latestOnly((asked: number) => {
    done.push(asked)
    return Promise.reject(new Error('lost'))
  })
  ask(1)
  ask(2)
  await Promise.resolve()
  expect(done).toEqual([1, 2])
})
