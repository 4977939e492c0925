import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { readShippedModel } from '../../src/engine/jobs/shipped-models.ts'
import { backupFolder, KEPT_BACKUPS, listBackups } from '../../src/engine/workspace/backups.ts'
import { insertModel } from '../../src/engine/workspace/models.ts'
import { openWorkspace } from '../../src/engine/workspace/open.ts'
import { fillWorkspace } from '../../src/hosts/bench/generated-workspace.ts'
import { seededGenerator } from '../../src/shared/seeds.ts'
import { placeVersion } from '../../test/support/versions/fixtures.ts'
import { backupFaults, exportFaults, faultsOf, mapDigests, withWorkspace } from './faults.ts'
import { importFaults } from './imports.ts'
import type { Line, SceneName, Unanswered } from './protocol.ts'

/** Something that a workspace goes through, again and again, while its process is killed. */
export interface Scene {
  /** Longest time between the worker's `ready` and its kill, in milliseconds. */
  span: number
  /** Makes the workspace ready for a worker; gives what the worker is to send again. */
  prepare: (workspace: string, round: number) => Promise<Unanswered | null>
  /** Takes in what was acknowledged, and names what is wrong now. */
  check: (workspace: string, lines: readonly Line[]) => Promise<string[]>
  /** Whether the kill fell into the middle of something. */
  interrupted: (lines: readonly Line[]) => boolean
}

const SHAPE = { rows: 4, columns: 12, methods: ['sa', 'gb'], pixelScores: false }

/** Makes a scene with nothing acknowledged yet. */
export const SCENES_BY_NAME: Record<SceneName, () => Scene> = {
  verdicts() {
    const acknowledged = new Map<number, string>()
    let unanswered: Unanswered | null = null
    return {
      span: 300,
      prepare: (workspace) => {
        ensureFilled(workspace, 200)
        return Promise.resolve(unanswered)
      },
      check(workspace, lines) {
        for (const line of lines) {
          if (line.type === 'sending') unanswered = line
          if (line.type === 'verdicts') {
            unanswered = null
            for (const { id, mapId, verdict } of line.rows) acknowledged.set(id, `${mapId} ${verdict}`)
          }
        }
        const stored = withWorkspace(workspace, (database) =>
          database
            .prepare<[], [number, string]>(`SELECT id, map_id || ' ' || verdict FROM verdicts`)
            .raw()
            .all(),
        )
        const there = new Map(stored)
        const lost = [...acknowledged].filter(([id, said]) => there.get(id) !== said)
        const lostFaults = lost.length === 0 ? [] : [`${lost.length} acknowledged verdicts are lost`]
        return Promise.resolve([...lostFaults, ...faultsOf(workspace)])
      },
      interrupted: (lines) => lines.at(-1)?.type === 'sending',
    }
  },

  run() {
    let before: string[] = []
    return {
      span: 2500,
      prepare: (workspace) => {
        if (!existsSync(workspace)) {
          const made = openWorkspace(workspace, { create: true })
          insertModel(made.database, readShippedModel('shallow-mnist-3-digits-maj-seq-12-fold-1'))
          made.close()
        }
        return Promise.resolve(null)
      },
      check(workspace, lines) {
        const acknowledged = Math.max(0, ...lines.map((line) => (line.type === 'maps' ? line.count : 0)))
        const after = withWorkspace(workspace, mapDigests)
        const changed = before.filter((map, index) => after[index] !== map).length
        before = after
        return Promise.resolve([
          ...(changed === 0 ? [] : [`${changed} maps of before the kill changed`]),
          ...(after.length >= acknowledged
            ? []
            : [`${acknowledged - after.length} acknowledged maps are lost`]),
          ...faultsOf(workspace),
        ])
      },
      interrupted: () => true,
    }
  },

  migration() {
    return {
      span: 40,
      async prepare(workspace, round) {
        removeWorkspace(workspace)
        const version = seededGenerator(round, 'version').uniformInt(1, 12)
        await placeVersion(version, workspace)
        return null
      },
      check(workspace) {
        const faults = faultsOf(workspace)
        const maps = withWorkspace(workspace, (database) =>
          database.prepare('SELECT count(*) FROM maps').pluck().get(),
        )
        return Promise.resolve([
          ...faults,
          ...backupFaults(workspace),
          ...(maps === 6 ? [] : [`${String(maps)} maps instead of 6`]),
          ...(listBackups(workspace).length > 0 ? [] : ['no backup of before the migration']),
        ])
      },
      interrupted: (lines) => lines.at(-1)?.type === 'ready',
    }
  },

  backup() {
    return {
      span: 400,
      prepare: (workspace) => {
        ensureFilled(workspace, 400)
        return Promise.resolve(null)
      },
      check(workspace, lines) {
        // The kill may come after a backup was made and before that was told: one more is then rotated away.
        const told = lines.flatMap((line) => (line.type === 'backup' ? [line.path] : []))
        const made = told.slice(1 - KEPT_BACKUPS)
        const missing = made.filter((path) => !existsSync(path)).length
        const folder = backupFolder(workspace)
        const parts = existsSync(folder)
          ? readdirSync(folder).filter((name) => name.endsWith('.part')).length
          : 0
        return Promise.resolve([
          ...(missing === 0 ? [] : [`${missing} acknowledged backups are lost`]),
          ...(parts <= 1 ? [] : [`${parts} halves of backups pile up`]),
          ...backupFaults(workspace),
          ...faultsOf(workspace),
        ])
      },
      interrupted: () => true,
    }
  },

  export() {
    const acknowledged = new Set<string>()
    return {
      span: 600,
      prepare: (workspace) => {
        ensureFilled(workspace, 20)
        return Promise.resolve(null)
      },
      async check(workspace, lines) {
        for (const line of lines) if (line.type === 'export') acknowledged.add(line.path)
        const lost = [...acknowledged].filter((path) => !existsSync(path)).length
        return [
          ...(lost === 0 ? [] : [`${lost} acknowledged exports are lost`]),
          ...(await exportFaults(workspace)),
          ...faultsOf(workspace),
        ]
      },
      interrupted: () => true,
    }
  },

  import() {
    let acknowledged = 0
    return {
      span: 2500,
      prepare: (workspace) => {
        if (!existsSync(workspace)) openWorkspace(workspace, { create: true }).close()
        return Promise.resolve(null)
      },
      check(workspace, lines) {
        for (const line of lines) if (line.type === 'import') acknowledged = line.count
        return Promise.resolve([...importFaults(workspace, acknowledged), ...faultsOf(workspace)])
      },
      interrupted: () => true,
    }
  },
}

function ensureFilled(workspace: string, samples: number): void {
  if (existsSync(workspace)) return
  const made = openWorkspace(workspace, { create: true })
  fillWorkspace(made, { ...SHAPE, samples })
  made.close()
}

function removeWorkspace(workspace: string): void {
  for (const companion of ['', '-wal', '-shm', '-journal']) rmSync(workspace + companion, { force: true })
  rmSync(backupFolder(workspace), { recursive: true, force: true })
}

/** The file of a scene in a folder of its own. */
export function workspaceOf(folder: string, name: SceneName): string {
  return join(folder, name, 'crash.heatproof')
}
