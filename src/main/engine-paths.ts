import { join } from 'node:path'

export interface EnginePaths {
  /** The Node 24 that runs the engine. */
  node: string
  /** The engine process's script. */
  script: string
}

/** From a clone: what npm installed. Packaged: what lies in the app's resources. */
export function enginePaths(
  packaged: boolean,
  root: string,
  resources: string,
  platform: NodeJS.Platform = process.platform,
): EnginePaths {
  const script = join('src', 'hosts', 'child', 'child.ts')
  const executable = platform === 'win32' ? 'node.exe' : 'node'
  return packaged
    ? { node: join(resources, 'node', executable), script: join(resources, 'engine', script) }
    : { node: join(root, 'node_modules', '.bin', executable), script: join(root, script) }
}
