import { mkdirSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import type { Place } from './place.ts'
import type { BadInput } from './refusal.ts'
import { toBadInput, type Row } from './row.ts'
import {
  emptyWorkspace,
  on,
  onWorkspace,
  reviewedWorkspace,
  withNumberAt,
  withPagesLost,
} from './workspace-files.ts'

const score =
  (bytes: () => Uint8Array) =>
  (place: Place): string[] => ['score', ...onWorkspace(place, bytes())]
const USER_VERSION_AT = 60
const APPLICATION_ID_AT = 68
const INIT = 'make one with `heatproof init FILE`'

const FILES: readonly Row[] = [
  [
    'no workspace there',
    () => ['score', '--workspace', 'none.heatproof'],
    /no file at .*none\.heatproof/,
    'a Heatproof workspace',
    'heatproof init FILE',
    { json: true },
  ],
  [
    'a text in place of a workspace',
    score(() => Buffer.from('a text')),
    'a file of another kind at ',
    'a Heatproof workspace',
    INIT,
  ],
  ['an empty file', score(() => new Uint8Array()), 'an empty file at ', 'a Heatproof workspace', INIT],
  [
    'a folder in place of a workspace',
    (place) => {
      mkdirSync(place.path('set.heatproof'))
      return ['score', '--workspace', place.path('set.heatproof')]
    },
    'a folder at ',
    'a Heatproof workspace',
    INIT,
  ],
  [
    'the database of another program',
    score(() => withNumberAt(emptyWorkspace(), APPLICATION_ID_AT, 0)),
    "another program's database at ",
    'a Heatproof workspace',
    'The file was not touched',
  ],
  [
    'a workspace of a newer version',
    score(() => withNumberAt(emptyWorkspace(), USER_VERSION_AT, 999)),
    'a workspace of version 999 at ',
    /version \d+ or older/,
    'Open it with a newer Heatproof',
    { json: true },
  ],
  [
    'a workspace cut off in its header',
    score(() => emptyWorkspace().subarray(0, 50)),
    'a file of another kind',
    'a Heatproof workspace',
    INIT,
  ],
  [
    'a workspace cut off in its tables',
    score(() => reviewedWorkspace().subarray(0, 20_000)),
    'damage',
    'a whole workspace',
    'backup',
  ],
  [
    'a workspace whose first pages are lost',
    score(() => withPagesLost(reviewedWorkspace(), 2, 9)),
    'damage',
    'a whole workspace',
    'backup',
    { mayGrow: ['jobs', 'sqlite_sequence'] },
  ],
  [
    'a workspace whose last pages are lost',
    score(() => withPagesLost(reviewedWorkspace(), 60, 120)),
    'damage',
    'a whole workspace',
    'backup',
    { mayGrow: ['jobs', 'sqlite_sequence'] },
  ],
  [
    'a workspace with a value that no program writes',
    (place) => {
      const args = on(reviewedWorkspace, 'calibrate')(place)
      const database = new Sqlite(place.path('set.heatproof'))
      database.exec(
        "PRAGMA ignore_check_constraints = ON; UPDATE jobs SET status = 'odd'; UPDATE runs SET model_ids_json = '{'; UPDATE models SET architecture = 'odd'",
      )
      database.close()
      return ['explain', ...args.slice(1)]
    },
    'damage',
    'a whole workspace',
    'backup',
  ],
  [
    'a new workspace in place of a file',
    (place) => ['init', place.put('set.heatproof', 'mine')],
    'a file at ',
    'no file there',
    'Choose another name',
  ],
  [
    'a new workspace in a file',
    (place) => ['init', `${place.put('file', 'mine')}/set.heatproof`],
    /file/,
    'a writable folder',
    'another',
    { exit: 1 },
  ],
]

export const WORKSPACES: readonly BadInput[] = FILES.map(toBadInput)
