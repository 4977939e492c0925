import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { drawQueue, drawStrata, mixIn } from '../../../src/engine/review/queue.ts'

const ranked = (count: number) => Uint32Array.from({ length: count }, (_, index) => index + 100)

describe('drawing a queue', () => {
  test('takes the ordered part for certain, in order, with the random part spread evenly', () => {
    const { drawn, origins, probabilities } = drawQueue(ranked(1000), { size: 20, randomShare: 0.2, seed: 7 })
    expect([...origins]).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1])
    expect([...drawn.filter((_, position) => origins[position] === 0)]).toEqual([...ranked(16)])
    const random = 4 / (1000 - 16)
    expect([...probabilities]).toEqual(Array.from(origins, (origin) => (origin === 1 ? random : 1)))
  })

  test.each([
    ['none', 50, 0, 0.2, { length: 0, random: 0 }],
    ['all, ordered', 50, 50, 0, { length: 50, random: 0 }],
    ['all, with a random part', 50, 50, 0.2, { length: 50, random: 10 }],
    ['all at random', 50, 50, 1, { length: 50, random: 50 }],
    ['more than there are', 10, 200, 0.2, { length: 10, random: 2 }],
    ['nothing there', 0, 200, 0.2, { length: 0, random: 0 }],
    ['one', 1, 1, 0.2, { length: 1, random: 0 }],
    ['some at random', 50, 10, 1, { length: 10, random: 10 }],
  ])('%s', (_, count, size, randomShare, expected) => {
    const { drawn, origins, probabilities } = drawQueue(ranked(count), { size, randomShare, seed: 1 })
    const random = origins.filter((origin) => origin === 1).length
    expect({ length: drawn.length, random }).toEqual(expected)
    const certain = size >= count || random === 0
    const probability = random / (count - (expected.length - random))
    for (const [position, origin] of origins.entries()) {
      expect(probabilities[position]).toBe(certain || origin === 0 ? 1 : probability)
    }
  })

  test('draws every map at most once, from the candidates, the same for the same seed', () => {
    fc.assert(
      fc.property(
        fc.record({
          count: fc.integer({ min: 0, max: 300 }),
          size: fc.integer({ min: 0, max: 300 }),
          randomShare: fc.double({ min: 0, max: 1, noNaN: true }),
          seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
        }),
        ({ count, ...options }) => {
          const candidates = ranked(count)
          const queue = drawQueue(candidates, options)
          expect(new Set(queue.drawn).size).toBe(queue.drawn.length)
          expect(queue.drawn.every((map) => candidates.includes(map))).toBe(true)
          expect(drawQueue(candidates, options)).toEqual(queue)
          const certain = queue.origins.filter((origin) => origin === 0).length
          const random = queue.drawn.length - certain
          for (const [position, origin] of queue.origins.entries()) {
            expect(queue.probabilities[position]).toBe(origin === 0 ? 1 : random / (count - certain))
          }
        },
      ),
    )
  })

  test('draws every other candidate with the stated probability', () => {
    const counts = new Map<number, number>()
    const draws = 4000
    let probability = 0
    for (let seed = 0; seed < draws; seed += 1) {
      const queue = drawQueue(ranked(30), { size: 10, randomShare: 0.4, seed })
      queue.drawn.forEach((map, position) => {
        if (queue.origins[position] !== 1) return
        probability = queue.probabilities[position] ?? NaN
        counts.set(map, (counts.get(map) ?? 0) + 1)
      })
    }
    expect(probability).toBe(4 / 24)
    const deviation = Math.sqrt((probability * (1 - probability)) / draws)
    for (const map of ranked(30).slice(6)) {
      expect(Math.abs((counts.get(map) ?? 0) / draws - probability)).toBeLessThan(4.5 * deviation)
    }
    expect(counts.size).toBe(24)
  })
})

describe('a stratified sample', () => {
  const stratumOf = (candidate: number): number => (candidate < 110 ? 0 : candidate < 113 ? 1 : 2)

  test('draws as many of each stratum, all of a small one, with the probability of its stratum', () => {
    const { drawn, origins, probabilities } = drawStrata(ranked(33), stratumOf, { each: 5, seed: 3 })
    const strata = Map.groupBy(drawn.entries(), ([, candidate]) => stratumOf(candidate))
    expect([0, 1, 2].map((stratum) => strata.get(stratum)?.length)).toEqual([5, 3, 5])
    expect(origins.every((origin) => origin === 1)).toBe(true)
    const expected = [5 / 10, 1, 5 / 20]
    expect([...probabilities]).toEqual(Array.from(drawn, (candidate) => expected[stratumOf(candidate)]))
    expect(new Set(drawn).size).toBe(drawn.length)
  })

  test('draws every candidate of a stratum equally often', () => {
    const counts = new Map<number, number>()
    const draws = 4000
    for (let seed = 0; seed < draws; seed += 1) {
      for (const candidate of drawStrata(ranked(33), stratumOf, { each: 5, seed }).drawn) {
        counts.set(candidate, (counts.get(candidate) ?? 0) + 1)
      }
    }
    for (const candidate of ranked(33)) {
      const probability = [5 / 10, 1, 5 / 20][stratumOf(candidate)] ?? NaN
      const deviation = Math.sqrt((probability * (1 - probability)) / draws)
      expect(Math.abs((counts.get(candidate) ?? 0) / draws - probability)).toBeLessThanOrEqual(
        4.5 * deviation,
      )
    }
  })

  test('does not show the strata one after the other', () => {
    const { drawn } = drawStrata(ranked(33), stratumOf, { each: 10, seed: 1 })
    const first = Array.from(drawn.slice(0, 10), stratumOf)
    expect(new Set(first).size).toBeGreaterThan(1)
  })
})

describe('maps that come up unannounced', () => {
  const queue = drawQueue(ranked(40), { size: 40, randomShare: 0.25, seed: 2 })
  const extras = [1, 2, 3, 4, 5].map((candidate) => ({
    candidate,
    origin: candidate < 4 ? ('repeat' as const) : ('known' as const),
  }))

  test('leave the others as they are', () => {
    const mixed = mixIn(queue, extras, 9)
    const others = [...mixed.drawn.keys()].filter((place) => (mixed.origins[place] ?? 0) < 2)
    expect(others.map((place) => mixed.drawn[place])).toEqual([...queue.drawn])
    expect(others.map((place) => mixed.origins[place])).toEqual([...queue.origins])
    expect(others.map((place) => mixed.probabilities[place])).toEqual([...queue.probabilities])
    const added = [...mixed.drawn.keys()].filter((place) => (mixed.origins[place] ?? 0) >= 2)
    expect(added.map((place) => [mixed.drawn[place], mixed.origins[place]])).toEqual([
      [1, 2],
      [2, 2],
      [3, 2],
      [4, 3],
      [5, 3],
    ])
  })

  test('come up anywhere, so that nobody can tell them by their place', () => {
    const places = new Set<number>()
    for (let seed = 0; seed < 300; seed += 1) {
      mixIn(queue, extras, seed).origins.forEach((origin, place) => origin >= 2 && places.add(place))
    }
    expect(places.size).toBe(45)
  })
})
