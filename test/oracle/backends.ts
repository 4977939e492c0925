import { availableBackends } from '../../src/engine/compute/backend.ts'
import type { BackendName } from '../../src/shared/names.ts'

/** `npm run test:exhaustive`: more random networks, and everything on a GPU that the processor plays too. */
export const EXHAUSTIVE = process.env['HEATPROOF_EXHAUSTIVE'] === '1'

const here = (await availableBackends()).filter(({ available }) => available)

/** The backends that load on this machine: the vectors are computed on each of them. */
export const ALL_BACKENDS_HERE = here.map(({ name }) => name)

/** Whether a backend takes seconds for what the others do at once, as a GPU does that the processor plays. */
export function isSlow(backend: BackendName): boolean {
  return here.some(({ name, software }) => name === backend && software)
}

/** Every numerical test runs on each of these; on slow ones only in the exhaustive tests. */
export const BACKENDS_HERE = ALL_BACKENDS_HERE.filter((name) => EXHAUSTIVE || !isSlow(name))
