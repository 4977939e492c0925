import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { drawQueue, rankRows } from '../../../src/engine/review/queue.ts'

const ranked = (count: number) => Uint32Array.from({ length: count }, (_, index) => index + 100)

describe('drawing a queue', () => {
  test('takes the ordered part for certain, in order, with the random part spread evenly', () => {
    const { drawn, randomFlags, randomProbability } = drawQueue(ranked(1000), {
      size: 20,
      randomShare: 0.2,
      seed: 7,
    })
    expect([...randomFlags]).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1])
    expect([...drawn.filter((_, position) => randomFlags[position] === 0)]).toEqual([...ranked(16)])
    expect(randomProbability).toBe(4 / (1000 - 16))
  })

  test.each([
    ['all, ordered', 50, 0, 0, { length: 50, random: 0 }],
    ['all, with a random part', 50, 0, 0.2, { length: 50, random: 10 }],
    ['all at random', 50, 0, 1, { length: 50, random: 50 }],
    ['more than there are', 10, 200, 0.2, { length: 10, random: 2 }],
    ['nothing there', 0, 200, 0.2, { length: 0, random: 0 }],
    ['one', 1, 1, 0.2, { length: 1, random: 0 }],
    ['some at random', 50, 10, 1, { length: 10, random: 10 }],
  ])('%s', (_, count, size, randomShare, expected) => {
    const { drawn, randomFlags, randomProbability } = drawQueue(ranked(count), { size, randomShare, seed: 1 })
    const random = randomFlags.reduce((sum, flag) => sum + flag, 0)
    expect({ length: drawn.length, random }).toEqual(expected)
    if (size === 0 || size >= count) expect(randomProbability).toBe(1)
    if (randomShare === 1 && size > 0 && count > 0) expect(randomProbability).toBe(expected.length / count)
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
          const certain = queue.randomFlags.filter((flag) => flag === 0).length
          const random = queue.drawn.length - certain
          expect(queue.randomProbability).toBe(count === certain ? 1 : random / (count - certain))
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
      probability = queue.randomProbability
      queue.drawn.forEach((map, position) => {
        if (queue.randomFlags[position] === 1) counts.set(map, (counts.get(map) ?? 0) + 1)
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

describe('the order of interest', () => {
  const values = Float64Array.of(0.9, 0.1, NaN, 0.5, 0.1, 0.7)
  const rows = Uint32Array.of(0, 1, 2, 3, 4, 5)
  test.each([
    ['worst_first', 'capped_percentage', null, [1, 4, 3, 5, 0, 2]],
    ['best_first', 'capped_percentage', null, [0, 5, 3, 1, 4, 2]],
    ['worst_first', 'dominance', null, [0, 5, 3, 1, 4, 2]],
    ['worst_first', 'dominance_positive', null, [0, 5, 3, 1, 4, 2]],
    ['best_first', 'dominance', null, [1, 4, 3, 5, 0, 2]],
    ['uncertain', 'cosine', 0.72, [5, 0, 3, 1, 4, 2]],
    ['uncertain', 'cosine', null, [3, 5, 0, 1, 4, 2]],
  ] as const)('%s by %s, theta %s', (order, metric, theta, expected) => {
    expect([...rankRows(rows, values, { order, metric, theta, first: 6 })]).toEqual(expected)
  })

  test('ranks the given rows alone', () => {
    const options = { order: 'worst_first', metric: 'cosine', theta: null, first: 3 } as const
    expect([...rankRows(Uint32Array.of(0, 3, 5), values, options)]).toEqual([3, 5, 0])
  })

  test('puts as many in order as are asked for, as a stable sort does, and leaves the others in theirs', () => {
    const value = fc.oneof(fc.constantFrom(0, -0, 0.5, NaN, 1), fc.double({ min: -1, max: 2, noNaN: true }))
    fc.assert(
      fc.property(fc.array(value, { maxLength: 40 }), fc.integer({ min: 0, max: 45 }), (list, first) => {
        const all = Uint32Array.from(list.keys())
        const options = { order: 'worst_first', metric: 'cosine', theta: null, first } as const
        const key = (row: number) => (Number.isNaN(list[row]) ? Infinity : (list[row] ?? 0))
        const sorted = [...all].sort((a, b) => (key(a) === key(b) ? 0 : key(a) - key(b)))
        const leading = sorted.slice(0, first)
        const others = [...all].filter((row) => !leading.includes(row))
        expect([...rankRows(all, Float64Array.from(list), options)]).toEqual([...leading, ...others])
      }),
      { seed: 3 },
    )
  })
})
