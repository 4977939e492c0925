// Links what npm leaves out of node_modules/.bin. Some versions of npm drop `node` when they discard the Node packages of
// other platforms: it is the Node 24 that runs the engine. And no npm links the project's own command, so that without
// this `npx heatproof` would first install the project into npm's cache. Never fails an install.
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = join(root, 'node_modules', '.bin')

const LINKS = [
  [join(bin, 'node'), join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node')],
  [join(bin, 'heatproof'), join(root, 'src', 'hosts', 'heatproof.mjs')],
]

try {
  mkdirSync(bin, { recursive: true })
  for (const [link, target] of LINKS) {
    if (!existsSync(target) || existsSync(link)) continue
    rmSync(link, { force: true })
    symlinkSync(relative(dirname(link), target), link)
  }
} catch (error) {
  console.log(`heatproof: could not link Node 24 (${error.message}); run npm scripts with Node 24 yourself.`)
}
