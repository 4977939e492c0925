import { join } from 'node:path'
import { shippedNode } from '../hosts/shipped-node.mjs'

export interface EnginePaths {
  /** The Node that runs the engine. */
  node: string
  /** The engine process's script. */
  script: string
}

export interface System {
  platform: NodeJS.Platform
  arch: string
}

/** From a clone: what npm installed. Packaged: what lies beside the archive, which Node itself cannot read. */
export function enginePaths(
  packaged: boolean,
  root: string,
  resources: string,
  { platform, arch }: System = process,
): EnginePaths {
  const app = packaged ? join(resources, 'app.asar.unpacked') : root
  return {
    node: join(app, 'node_modules', shippedNode(platform, arch)),
    script: join(app, 'src', 'hosts', 'child', 'child.ts'),
  }
}
