import { resolve } from 'node:path'
import type { WhenMissing } from '../hosts/child/launch.ts'

export interface WorkspaceChoice {
  workspace: string
  whenMissing: WhenMissing
}

/** The `.heatproof` file that the command line names, else the sample. */
export function chooseWorkspace(args: readonly string[], sample: string, folder: string): WorkspaceChoice {
  const named = namedWorkspace(args)
  return { workspace: named === undefined ? sample : resolve(folder, named), whenMissing: 'sample' }
}

/** The first argument that is a workspace. */
export function namedWorkspace(args: readonly string[]): string | undefined {
  return args.find((argument) => argument.endsWith('.heatproof') && !argument.startsWith('-'))
}
