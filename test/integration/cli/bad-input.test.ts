import { describe, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { ARGUMENTS } from './bad-input/arguments.ts'
import { ARRAYS } from './bad-input/arrays.ts'
import { METRICS } from './bad-input/metrics.ts'
import { expectRefusal, type BadInput } from './bad-input/refusal.ts'
import { WEIGHTS } from './bad-input/weights.ts'

const TABLE: readonly (readonly [title: string, rows: readonly BadInput[]])[] = [
  ['arrays', ARRAYS],
  ['weights', WEIGHTS],
  ['arguments', ARGUMENTS],
  ['maps, marks and regions', METRICS],
]

const root = temporaryFolder()

/** Cases wait for each other's processes, so that one may take long on a busy machine. */
const PATIENCE = 180_000

describe.each(TABLE)('refused whole, with one clear message: %s', (_, rows) => {
  for (const row of rows) {
    const run = () => expectRefusal(row, root)
    if (row.skip === undefined) it.concurrent(row.name, run, PATIENCE)
    else it.skip(`${row.name} (skipped: ${row.skip})`, run)
  }
})
