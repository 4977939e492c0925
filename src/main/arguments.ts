import { resolve } from 'node:path'
import type { WhenMissing } from '../hosts/child/launch.ts'

export interface WorkspaceChoice {
  workspace: string
  whenMissing: WhenMissing
}

/** The workspace that the command line names (its first argument that ends so), else the sample. */
export function chooseWorkspace(args: readonly string[], sample: string, folder: string): WorkspaceChoice {
  const named = args.find((argument) => argument.endsWith('.heatproof'))
  const workspace = named === undefined ? sample : resolve(folder, named)
  return { workspace, whenMissing: workspace === sample ? 'sample' : 'fail' }
}
