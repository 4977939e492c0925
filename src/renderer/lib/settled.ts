/**
 * Does the work once it has not been asked for during `pause`, and at the latest `most` after it was first asked for, both in
 * milliseconds: a stream that never pauses must not hold it up for good.
 */
export function settled(work: () => void, { pause, most }: { pause: number; most: number }): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let latest = 0
  return () => {
    const now = performance.now()
    if (timer === undefined) latest = now + most
    clearTimeout(timer)
    const wait = Math.max(0, Math.min(pause, latest - now))
    timer = setTimeout(() => {
      timer = undefined
      work()
    }, wait)
  }
}
