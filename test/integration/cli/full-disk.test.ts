import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { fillDisk, mountSmallDisk, NO_MOUNT, unmountAfterwards } from '../../support/small-disk.ts'
import { arrayFiles, writeFolder } from '../imports/array-fixture.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { newPlace, type Place } from './bad-input/place.ts'
import { differences, takeSnapshot } from './bad-input/snapshot.ts'
import {
  emptyWorkspace,
  modelWorkspace,
  onWorkspace,
  reviewedWorkspace,
} from './bad-input/workspace-files.ts'
import { heatproofIn } from './heatproof.ts'

interface Scene {
  name: string
  /** Puts what is needed on the disk and gives the command line. */
  prepare: (place: Place) => string[] | Promise<string[]>
  /** Kibibytes that are free when the command runs. */
  left: number
  found: RegExp
  /** Tables that keep how far it came. */
  mayGrow?: string[]
  /** How it goes on when there is room; default: by the same command line. */
  again?: (args: string[]) => string[]
}

const FULL = /(a full disk|ENOSPC).*\(\d[\d.]* k?B free, more was needed\)/
const TOO_LITTLE = /too little room \(\d[\d.]* k?B free, \d[\d.]* [kM]B needed\)/
const JOBS = ['jobs', 'sqlite_sequence']
const OLD = join(import.meta.dirname, '../../fixtures/workspaces/version-10.heatproof.gz')

const on = (place: Place, bytes: Buffer): string[] => onWorkspace(place, bytes, 'disk/set.heatproof')

const SCENES: readonly Scene[] = [
  {
    name: 'a backup',
    prepare: (place) => ['backup', ...on(place, reviewedWorkspace())],
    left: 100,
    found: TOO_LITTLE,
  },
  {
    name: 'a restore',
    prepare: (place) => [
      'restore',
      ...on(place, emptyWorkspace()),
      '--from',
      place.put('disk/backup.heatproof', reviewedWorkspace()),
    ],
    left: 100,
    found: TOO_LITTLE,
  },
  {
    name: 'the backup before a migration',
    prepare: (place) => {
      const old = gunzipSync(readFileSync(OLD))
      return ['log', ...on(place, old)]
    },
    left: 40,
    found: TOO_LITTLE,
  },
  {
    name: 'a repair',
    prepare: (place) => [
      'repair',
      ...on(place, reviewedWorkspace()),
      '--out',
      place.path('disk/saved.heatproof'),
    ],
    left: 100,
    found: FULL,
  },
  {
    name: 'an import',
    prepare: (place) => {
      const arrays = writeFolder(place.path('arrays'), arrayFiles())
      return ['import', ...on(place, emptyWorkspace()), arrays, '--yes']
    },
    left: 60,
    found: FULL,
    mayGrow: JOBS,
  },
  {
    name: 'a run',
    prepare: (place) => {
      const workspace = on(place, modelWorkspace())
      return ['explain', ...workspace, '--methods', 'sa', '--count', '60', '--backend', 'wasm']
    },
    left: 300,
    found: FULL,
    mayGrow: [...JOBS, 'runs', 'samples', 'sample_sets', 'regions', 'maps', 'map_values', 'scores'],
    again: ([, flag = '', workspace = '']) => ['explain', flag, workspace, '--resume', '1'],
  },
  {
    name: 'an export',
    prepare: (place) => [
      'export',
      ...onWorkspace(place, reviewedWorkspace()),
      ...['--out', place.path('disk/set'), '--include', 'any', '--by', 'Ada'],
    ],
    left: 60,
    found: FULL,
  },
]

const root = temporaryFolder()
unmountAfterwards()

describe.skipIf(NO_MOUNT !== undefined)(
  `on a disk that is full${NO_MOUNT ? ` (skipped: ${NO_MOUNT})` : ''}`,
  () => {
    test.concurrent.each(SCENES)(
      '$name says how much is free, leaves everything as it was, and succeeds when there is room',
      async ({ prepare, left, found, mayGrow, again = (args) => args }) => {
        const place = newPlace(root)
        const disk = mountSmallDisk(place.path('disk'), 24 * 1024)
        const args = await prepare(place)
        const makeRoom = fillDisk(disk, left)
        const before = takeSnapshot(disk)
        const { status, stderr } = await heatproofIn(place, [...args, '--json'])
        expect(status, stderr).toBe(1)
        const { error } = JSON.parse(stderr.slice(stderr.indexOf('{"'))) as { error: Record<string, string> }
        expect(error['code']).toBe('cannot_write')
        expect(error['found']).toMatch(found)
        expect(differences(before, takeSnapshot(disk), mayGrow)).toEqual([])
        makeRoom()
        const after = await heatproofIn(place, again(args))
        expect(after.status, after.stderr).toBe(0)
      },
      180_000,
    )
  },
)
