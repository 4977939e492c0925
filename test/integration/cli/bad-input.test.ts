import { describe, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { ARGUMENTS } from './bad-input/arguments.ts'
import { ARRAYS } from './bad-input/arrays.ts'
import { AUDITED_SETS } from './bad-input/audited-sets.ts'
import { unmountAfterwards } from '../../support/small-disk.ts'
import { FULL_DISKS, READ_ONLY_FOLDERS } from './bad-input/disks.ts'
import { IMAGE_FILES } from './bad-input/images.ts'
import { IN_USE, letGoAfterwards } from './bad-input/in-use.ts'
import { METRICS } from './bad-input/metrics.ts'
import { expectRefusal, type BadInput } from './bad-input/refusal.ts'
import { WEIGHTS } from './bad-input/weights.ts'
import { WORKSPACE_REQUESTS } from './bad-input/workspace-requests.ts'
import { WORKSPACES } from './bad-input/workspaces.ts'

const TABLE: readonly (readonly [title: string, rows: readonly BadInput[]])[] = [
  ['arrays', ARRAYS],
  ['weights', WEIGHTS],
  ['arguments', ARGUMENTS],
  ['maps, marks and regions', METRICS],
  ['image and label files', IMAGE_FILES],
  ['workspaces', WORKSPACES],
  ['requests to a workspace', WORKSPACE_REQUESTS],
  ['audited sets', AUDITED_SETS],
  ['a full disk', FULL_DISKS],
  ['a read-only folder', READ_ONLY_FOLDERS],
  ['in use', IN_USE],
]

const root = temporaryFolder()
unmountAfterwards()
letGoAfterwards()

/** Cases wait for each other's processes, so that one may take long on a busy machine. */
const PATIENCE = 180_000

describe.each(TABLE)('refused whole, with one clear message: %s', (_, rows) => {
  for (const row of rows) {
    const run = () => expectRefusal(row, root)
    if (row.skip === undefined) it.concurrent(row.name, run, PATIENCE)
    else it.skip(`${row.name} (skipped: ${row.skip})`, run)
  }
})
