import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { settled } from '../../../src/renderer/lib/settled.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('does the work once the questions pause', () => {
  const work = vi.fn()
  const ask = settled(work, { pause: 100, most: 1000 })
  for (let count = 0; count < 3; count += 1) {
    ask()
    vi.advanceTimersByTime(99)
  }
  expect(work).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(work).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(5000)
  expect(work).toHaveBeenCalledTimes(1)
})

it('does it now and then when they never pause', () => {
  const work = vi.fn()
  const ask = settled(work, { pause: 100, most: 1000 })
  for (let time = 0; time < 5000; time += 20) {
    ask()
    vi.advanceTimersByTime(20)
  }
  expect(work.mock.calls.length).toBeGreaterThanOrEqual(4)
  expect(work.mock.calls.length).toBeLessThanOrEqual(5)
})
