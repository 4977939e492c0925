import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

const STATUS_FILE = new URL('../../../node_modules/.cache/heatproof/tensorflow.json', import.meta.url)

const InstalledStatus = z.object({
  /** `ready`: the binding multiplied two matrices; `off`: turned off by the user. */
  outcome: z.enum(['ready', 'unavailable', 'off']),
  /** Where the binding came from: it was there, our cache, the official download, Python's wheel. */
  route: z.enum(['present', 'cache', 'official', 'wheel']).nullable(),
  /** What was done, or why nothing was. */
  reason: z.string(),
  /** What the installation took, in seconds. */
  seconds: z.number().nonnegative(),
  /** When it was, ISO 8601. */
  at: z.iso.datetime(),
})

/** What the last installation of native TensorFlow did, or `unknown` where it left no readable record. */
export type TensorflowStatus = z.infer<typeof InstalledStatus> | { outcome: 'unknown'; reason: string }

const ADVICE = 'run `node scripts/install-tensorflow.mjs`'

/**
 * Reads what `scripts/install-tensorflow.mjs` wrote when the project was installed. Never throws: this is a report on
 * an optional part, and whether the binding loads now is for the backend to find out.
 */
export function readTensorflowStatus(file = fileURLToPath(STATUS_FILE)): TensorflowStatus {
  if (!existsSync(file)) {
    return { outcome: 'unknown', reason: `the installation left no record; ${ADVICE}` }
  }
  try {
    return InstalledStatus.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return { outcome: 'unknown', reason: `the record in ${file} is damaged; ${ADVICE}` }
  }
}
