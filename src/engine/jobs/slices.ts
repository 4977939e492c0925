import { setImmediate } from 'node:timers/promises'

/** How long a slice should take, in milliseconds: an answer to somebody else waits for one, and now and then for the disk. */
const MILLISECONDS = 12
const LARGEST = 1000

/**
 * Does work in slices that suit the machine, and lets others have their turn between them.
 *
 * @param work does about `size` pieces at once and tells whether anything is left
 */
export async function inSlices(first: number, work: (size: number) => boolean): Promise<void> {
  let size = first
  for (;;) {
    const startedAt = performance.now()
    if (!work(size)) return
    size = nextSize(size, performance.now() - startedAt)
    await setImmediate()
  }
}

/** The size of the next slice, at most twice that of the one that took so many milliseconds. */
export function nextSize(size: number, milliseconds: number): number {
  const fitting = Math.floor((size * MILLISECONDS) / Math.max(milliseconds, 1))
  return Math.min(LARGEST, 2 * size, Math.max(10, fitting))
}
