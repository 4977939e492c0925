import { describe, expect, it, vi } from 'vitest'
import { bytesOf, prefetchOrder, Recent } from '../../../src/renderer/lib/recent.ts'

describe('recent values', () => {
  it('ask once for equal requests and answer at once later', async () => {
    const load = vi.fn((key: number) => Promise.resolve(2 * key))
    const recent = new Recent(3, load)
    expect(recent.peek(1)).toBeUndefined()
    expect(await Promise.all([recent.get(1), recent.get(1)])).toEqual([2, 2])
    expect(recent.peek(1)).toBe(2)
    expect(load).toHaveBeenCalledTimes(1)
  })

  it('forget what was used least recently', async () => {
    const recent = new Recent(2, (key: number) => Promise.resolve(key))
    await recent.get(1)
    await recent.get(2)
    await recent.get(1)
    await recent.get(3)
    expect([1, 2, 3].map((key) => recent.peek(key))).toEqual([1, undefined, 3])
  })

  it('count by their size where one is given', async () => {
    const recent = new Recent(10, (size: number) => Promise.resolve(new Uint8Array(size)), bytesOf)
    for (const size of [4, 5, 6]) await recent.get(size)
    expect([4, 5, 6].map((size) => recent.peek(size)?.length)).toEqual([undefined, undefined, 6])
    recent.clear()
    for (const size of [4, 5]) await recent.get(size)
    expect([4, 5].map((size) => recent.peek(size)?.length)).toEqual([4, 5])
  })

  it('are not dropped while they are on their way', async () => {
    const load = vi.fn((key: number) => Promise.resolve(key))
    const recent = new Recent(1, load)
    await Promise.all([recent.get(1), recent.get(2), recent.get(1)])
    expect(load).toHaveBeenCalledTimes(2)
    expect([recent.peek(1), recent.peek(2)]).toEqual([1, undefined])
  })

  it('try again after a failure', async () => {
    const load = vi.fn().mockRejectedValueOnce(new Error('no')).mockResolvedValue(7)
    const recent = new Recent<number, unknown>(2, load)
    await expect(recent.get(1)).rejects.toThrow('no')
    expect(await recent.get(1)).toBe(7)
  })
})

describe('the order of prefetching', () => {
  it('is what comes next, then what was left', () => {
    expect(prefetchOrder(5, 100, 3, 2)).toEqual([6, 7, 8, 4, 3])
  })

  it('stays within the queue', () => {
    expect(prefetchOrder(0, 2, 10, 3)).toEqual([1])
    expect(prefetchOrder(1, 2, 10, 3)).toEqual([0])
    expect(prefetchOrder(0, 1, 10, 3)).toEqual([])
  })
})
