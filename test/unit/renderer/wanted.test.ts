import { expect, it } from 'vitest'
import { Wanted } from '../../../src/renderer/lib/wanted.ts'

/** Loads that end when they are told to. */
function slowLoads() {
  const asked: number[] = []
  const ends: (() => void)[] = []
  const load = (key: number) => {
    asked.push(key)
    return new Promise<string>((resolve) => ends.push(() => resolve(String(key))))
  }
  return { asked, load, endAll: () => ends.splice(0).forEach((end) => end()) }
}

const turns = () => new Promise((resolve) => setTimeout(resolve))

it('loads a part at a time in the order of asking, and never what was dropped before its turn', async () => {
  const { asked, load, endAll } = slowLoads()
  const wanted = new Wanted(load, { part: 2, most: 1 })
  const taken: string[] = []
  const drops = [1, 2, 3, 4, 5].map((key) => wanted.want(key, (value) => taken.push(value)))
  await turns()
  expect(asked).toEqual([1, 2])
  drops[1]?.()
  drops[2]?.()
  endAll()
  await turns()
  expect(asked).toEqual([1, 2, 4, 5])
  endAll()
  await turns()
  expect(taken).toEqual(['1', '4', '5'])
})

it('goes on with the next part after one that failed', async () => {
  const load = (key: number) => (key === 1 ? Promise.reject(new Error('lost')) : Promise.resolve(key))
  const wanted = new Wanted(load, { part: 1, most: 1 })
  const taken: number[] = []
  for (const key of [1, 2]) wanted.want(key, (value) => taken.push(value))
  await turns()
  expect(taken).toEqual([2])
})
