import { availableBackends } from '../../src/engine/compute/backend.ts'

/** The backends that load on this machine: every numerical test runs on each of them. */
export const BACKENDS_HERE = (await availableBackends())
  .filter((backend) => backend.available)
  .map((backend) => backend.name)
