import { setFlagsFromString } from 'node:v8'

/**
 * Lets the heaps of this process grow to twice what is alive before all of it is marked.
 *
 * V8 counts the arrays of the maps, which live outside its heap, and by default marks the whole heap once or twice a
 * batch, on helper threads that take the cores from the workers: up to a third of all processor time.
 */
export function collectGarbageRarely(): void {
  setFlagsFromString('--heap-growing-percent=100')
}
