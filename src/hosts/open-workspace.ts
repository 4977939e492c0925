import { existsSync, mkdirSync, realpathSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Engine } from '../engine/api/engine.ts'
import { HeatproofError } from '../shared/errors.ts'
import type { BackendName } from '../shared/names.ts'

export interface WorkspaceOptions {
  workspace: string
  /** What to do when there is no such file: refuse, make an empty workspace, or one with the sample. */
  whenMissing: 'fail' | 'empty' | 'sample'
  backend: BackendName | 'auto'
  /** Compute workers; absent: as many as suit the machine. */
  workers?: number | undefined
  /** Whether to go on at once with jobs that an earlier process left unfinished; default: yes. */
  resume?: boolean
  /** Folders for exports; none: the workspace's own folder. */
  folders: readonly string[]
}

/** Opens the engine on a workspace the way that window and server need it. @throws HeatproofError */
export async function openWorkspace(options: WorkspaceOptions): Promise<Engine> {
  const workspacePath = resolve(options.workspace)
  const create = options.whenMissing !== 'fail' && !existsSync(workspacePath)
  if (create) mkdirSync(dirname(workspacePath), { recursive: true })
  const folders = exportFolders(options.folders, workspacePath)
  // Only here: the engine loads native code that `heatproof --help` does not need.
  const { openEngine } = await import('../engine/engine.ts')
  const { backend, workers, resume = true } = options
  const engine = openEngine({
    workspacePath,
    create,
    folders,
    resume,
    ...(backend === 'auto' ? {} : { backend }),
    ...(workers === undefined ? {} : { workers }),
  })
  if (create && options.whenMissing === 'sample') await engine.handlers['workspace.openSample']({})
  return engine
}

/** The folders that exports may be written to, as absolute real paths. @throws HeatproofError `bad_argument` */
export function exportFolders(chosen: readonly string[], workspacePath: string): string[] {
  return (chosen.length > 0 ? chosen : [dirname(workspacePath)]).map(realFolder)
}

function realFolder(folder: string): string {
  if (existsSync(folder) && statSync(folder).isDirectory()) return realpathSync(folder)
  throw new HeatproofError('bad_argument', {
    found: `the folder '${folder}', which is not there`,
    expected: 'a folder that exports can be written to',
    advice: 'Make the folder first, or choose another.',
  })
}
