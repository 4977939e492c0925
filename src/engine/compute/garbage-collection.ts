import { setFlagsFromString } from 'node:v8'
import type { ResourceLimits } from 'node:worker_threads'

/** Limits of a worker that explains: its arrays live outside its heap; what it allocates there is small and short-lived. */
export const EXPLAINING_LIMITS: ResourceLimits = { maxYoungGenerationSizeMb: 8 }

/**
 * Lets the heaps of this process grow to twice what is alive before all of it is marked.
 *
 * V8 counts the arrays of the maps, which live outside its heap, and by default marks the whole heap once or twice a
 * batch, on helper threads that take the cores from the workers: a quarter to a third of all processor time.
 */
export function collectGarbageRarely(): void {
  setFlagsFromString('--heap-growing-percent=100')
}
