import { setImmediate } from 'node:timers/promises'

/** Longest time in milliseconds for which work may hold the engine's thread. */
const SLICE = 10

/**
 * Makes a function for long loops to await in every round: it lets other requests through whenever the loop has held the
 * thread for long enough.
 */
export function pauser(): () => Promise<void> | undefined {
  let began = performance.now()
  return () => {
    if (performance.now() - began < SLICE) return undefined
    return setImmediate().then(() => {
      began = performance.now()
    })
  }
}
