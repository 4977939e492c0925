import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { insertSampleModels } from '../../../../src/engine/jobs/shipped-models.ts'
import { openWorkspace, type Workspace } from '../../../../src/engine/workspace/open.ts'
import { verdict } from '../../exports/audited-workspace.ts'
import { fillWorkspace } from '../../../../src/hosts/bench/generated-workspace.ts'
import type { Place } from './place.ts'

/** The bytes of a workspace that is made once, at the first use. */
function madeOnce(fill: (workspace: Workspace) => void): () => Buffer {
  let bytes: Buffer | undefined
  return () => {
    bytes ??= make(fill)
    return bytes
  }
}

function make(fill: (workspace: Workspace) => void): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'heatproof-made-'))
  const path = join(folder, 'set.heatproof')
  const workspace = openWorkspace(path, { create: true })
  try {
    fill(workspace)
  } finally {
    workspace.close()
  }
  const bytes = readFileSync(path)
  rmSync(folder, { recursive: true })
  return bytes
}

/** Nothing in it. */
export const emptyWorkspace = madeOnce(() => undefined)

/** Eight samples, two models whose weights are damaged, maps by four methods, three verdicts. */
export const reviewedWorkspace = madeOnce((workspace) => {
  fillWorkspace(workspace, { samples: 8 })
  verdict(workspace, [1, 2], 'accept')
  verdict(workspace, [3], 'fail')
})

/** The two models that ship, no samples. */
export const modelWorkspace = madeOnce(({ database }) => void insertSampleModels(database))

/** Copies one of these, or anything else, into a place and gives `--workspace` with it. */
export function onWorkspace(
  place: Place,
  bytes: Uint8Array,
  name = 'set.heatproof',
): ['--workspace', string] {
  return ['--workspace', place.put(name, bytes)]
}

/** Its bytes with a whole number of four bytes changed. */
export function withNumberAt(bytes: Buffer, offset: number, value: number): Buffer {
  const changed = Buffer.from(bytes)
  changed.writeUInt32BE(value, offset)
  return changed
}

/** Its bytes with pages of SQLite, counted from 1, overwritten. */
export function withPagesLost(bytes: Buffer, first: number, last: number): Buffer {
  const page = bytes.readUInt16BE(16)
  return Buffer.from(bytes).fill(0x5a, (first - 1) * page, last * page)
}

/** The command line of a command on a copy of a workspace. */
export const on =
  (bytes: () => Uint8Array, command: string, ...more: string[]) =>
  (place: Place): string[] => [command, ...onWorkspace(place, bytes()), ...more]
