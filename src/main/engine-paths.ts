import { join } from 'node:path'

export interface EnginePaths {
  /** The Node 24 that runs the engine. */
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
  const windows = platform === 'win32'
  const executable = windows ? 'node.exe' : 'node'
  const shipped = `node-${windows ? 'win' : platform}-${arch}`
  const app = packaged ? join(resources, 'app.asar.unpacked') : root
  const modules = join(app, 'node_modules')
  return {
    node: packaged ? join(modules, shipped, 'bin', executable) : join(modules, '.bin', executable),
    script: join(app, 'src', 'hosts', 'child', 'child.ts'),
  }
}
