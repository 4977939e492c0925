import { availableBackends } from '../../src/engine/compute/backend.ts'

/** `npm run test:exhaustive`: more random networks, and everything on a GPU that the processor plays. */
export const EXHAUSTIVE = process.env['HEATPROOF_EXHAUSTIVE'] === '1'

const here = (await availableBackends()).filter(({ available }) => available)

/** The backends that load on this machine. */
export const ALL_BACKENDS_HERE = here.map(({ name }) => name)

/** Those that every numerical test runs on: a GPU in software takes minutes for each, so that it waits for the exhaustive tests. */
export const BACKENDS_HERE = here.filter(({ software }) => EXHAUSTIVE || !software).map(({ name }) => name)
