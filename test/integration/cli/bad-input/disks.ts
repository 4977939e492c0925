import { chmodSync, mkdirSync } from 'node:fs'
import { mount, mountSmallDisk, NO_MOUNT } from '../../../support/small-disk.ts'
import { mapsOf } from './arrays.ts'
import type { Place } from './place.ts'
import type { BadInput } from './refusal.ts'
import { modelWorkspace, onWorkspace, reviewedWorkspace } from './workspace-files.ts'

const isRoot = process.getuid?.() === 0

/** Why no folder can be made read-only here: the owner of everything ignores permissions, and mounts are not allowed. */
const NO_READ_ONLY = isRoot ? NO_MOUNT : undefined

/** A disk of its own with so many kibibytes, in a folder of the place. */
const smallDisk = (place: Place, kibibytes: number): string => mountSmallDisk(place.path('disk'), kibibytes)

/** Nothing can be written to the folder any more. */
function makeReadOnly(place: Place, fill: () => void): string {
  if (!isRoot) {
    mkdirSync(place.path('disk'))
    fill()
    chmodSync(place.path('disk'), 0o555)
    return place.path('disk')
  }
  const folder = smallDisk(place, 20_000)
  fill()
  mount('-o', 'remount,ro', folder)
  return folder
}

const FULL = { exit: 1, skip: NO_MOUNT } as const
const READ_ONLY = { exit: 1, skip: NO_READ_ONLY } as const
/** Says what is free. */
const NO_ROOM = /(ENOSPC.*|a full disk .*)\(\d[\d.]* k?M?B free, more was needed\)/
const WRITABLE = /writable folder on a disk with room|room on the disk/
const JOB = ['jobs', 'runs', 'samples', 'sample_sets', 'regions', 'curve_points', 'sqlite_sequence']

/** A workspace on a disk that has only so many kibibytes more. */
function onFullDisk(place: Place, bytes: Buffer, more: number): ['--workspace', string] {
  smallDisk(place, Math.ceil(bytes.length / 1024) + more)
  return onWorkspace(place, bytes, 'disk/set.heatproof')
}

function onReadOnlyDisk(place: Place, bytes: Buffer): ['--workspace', string] {
  let args: ['--workspace', string] = ['--workspace', '']
  makeReadOnly(place, () => (args = onWorkspace(place, bytes, 'disk/set.heatproof')))
  return args
}

const SET = ['--include', 'any', '--by', 'Ada']

export const FULL_DISKS: readonly BadInput[] = [
  {
    name: 'maps',
    args: (place) => [...mapsOf(place, { methods: 'sa,gi,gb,dtd' }), '--out', `${smallDisk(place, 4)}/maps`],
    ...FULL,
    found: NO_ROOM,
    expected: WRITABLE,
    advice: 'nothing half-written was left',
    json: true,
  },
  {
    name: 'maps, by a limit on files',
    args: (place) => mapsOf(place),
    exit: 1,
    largestFile: 0,
    found: 'EFBIG',
    expected: WRITABLE,
    advice: 'nothing half-written was left',
  },
  {
    name: 'a new workspace',
    args: (place) => ['init', `${smallDisk(place, 40)}/set.heatproof`],
    ...FULL,
    found: NO_ROOM,
    expected: WRITABLE,
    advice: 'Make room',
  },
  {
    name: 'a new workspace with the sample, no room for its models',
    args: (place) => ['init', '--sample', `${smallDisk(place, 700)}/set.heatproof`],
    ...FULL,
    found: NO_ROOM,
    expected: WRITABLE,
    advice: 'Make room',
  },
  {
    name: 'a new workspace with the sample, no room for its maps',
    args: (place) => ['init', '--sample', `${smallDisk(place, 8000)}/set.heatproof`],
    ...FULL,
    found: NO_ROOM,
    expected: WRITABLE,
    advice: 'Make room',
  },
  {
    name: 'maps in a workspace',
    args: (place) => {
      const workspace = onFullDisk(place, modelWorkspace(), 2600)
      return ['explain', ...workspace, '--methods', 'sa,dtd', '--count', '150', '--backend', 'wasm']
    },
    ...FULL,
    found: NO_ROOM,
    expected: WRITABLE,
    advice: /Make room.*--resume \d+/,
    mayGrow: [...JOB, 'maps', 'map_values', 'predictions', 'scores', '-wal'],
  },
  {
    name: 'a training, no room for a checkpoint',
    args: (place) => {
      const workspace = onFullDisk(place, modelWorkspace(), 600)
      return ['train', ...workspace, '--epochs', '1', '--count', '200', '--batch', '100', '--backend', 'wasm']
    },
    ...FULL,
    found: NO_ROOM,
    expected: WRITABLE,
    advice: /Make room.*--resume \d+/,
    mayGrow: JOB,
  },
  {
    name: 'an audited set',
    args: (place) => {
      const out = `${smallDisk(place, 60)}/set`
      return ['export', ...onWorkspace(place, reviewedWorkspace()), '--out', out, ...SET]
    },
    ...FULL,
    found: NO_ROOM,
    expected: WRITABLE,
    advice: /nothing (was )?half-written/i,
    mayGrow: ['jobs', 'sqlite_sequence'],
  },
  {
    name: 'an audited set in a zip',
    args: (place) => {
      const out = `${smallDisk(place, 60)}/set.zip`
      return ['export', ...onWorkspace(place, reviewedWorkspace()), '--out', out, '--zip', ...SET]
    },
    ...FULL,
    found: NO_ROOM,
    expected: WRITABLE,
    advice: /nothing (was )?half-written/i,
    mayGrow: ['jobs', 'sqlite_sequence'],
  },
]

export const READ_ONLY_FOLDERS: readonly BadInput[] = [
  {
    name: 'maps',
    args: (place) => {
      const args = mapsOf(place)
      return [...args, '--out', `${makeReadOnly(place, () => undefined)}/maps`]
    },
    ...READ_ONLY,
    found: /EROFS|EACCES/,
    expected: WRITABLE,
    advice: 'nothing half-written was left',
  },
  {
    name: 'a new workspace',
    args: (place) => ['init', `${makeReadOnly(place, () => undefined)}/set.heatproof`],
    ...READ_ONLY,
    found: /EROFS|EACCES|read-only/,
    expected: WRITABLE,
    advice: 'choose another',
  },
  {
    name: 'a workspace',
    args: (place) => ['score', ...onReadOnlyDisk(place, reviewedWorkspace())],
    ...READ_ONLY,
    found: 'read-only',
    expected: WRITABLE,
    advice: 'change the permissions',
    json: true,
  },
  {
    name: 'an audited set',
    args: (place) => {
      const out = `${makeReadOnly(place, () => undefined)}/set`
      return ['export', ...onWorkspace(place, reviewedWorkspace()), '--out', out, ...SET]
    },
    ...READ_ONLY,
    found: /read-only|may not be written/,
    expected: WRITABLE,
    advice: /nothing (was )?half-written/i,
    mayGrow: ['jobs', 'sqlite_sequence'],
  },
]
