import { existsSync, globSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './root.ts'
import { run } from './run.ts'

const OUTPUTS = ['out/main/index.js', 'out/preload/index.cjs', 'out/renderer/index.html']
const SOURCES = [
  'src/{main,preload,renderer,shared}/**/*',
  'src/hosts/child/*',
  'electron.vite.config.ts',
  'package-lock.json',
]

/** Builds window and screens unless they are newer than their sources. @returns whether they are there */
export async function buildIfNeeded(): Promise<boolean> {
  if (isFresh(ROOT)) return true
  console.log('Building the app, some seconds …')
  const electronVite = join(ROOT, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js')
  const { code, output } = await run(process.execPath, [electronVite, 'build'])
  if (code !== 0) console.error(output)
  return code === 0
}

/** Whether everything that is built is newer than everything that it is built from. */
export function isFresh(root: string): boolean {
  const outputs = OUTPUTS.map((path) => join(root, path))
  if (!outputs.every((path) => existsSync(path))) return false
  const sources = SOURCES.flatMap((pattern) => globSync(pattern, { cwd: root }))
  const files = sources.map((path) => statSync(join(root, path))).filter((found) => found.isFile())
  const newest = Math.max(...files.map(({ mtimeMs }) => mtimeMs))
  return Math.min(...outputs.map((path) => statSync(path).mtimeMs)) >= newest
}
