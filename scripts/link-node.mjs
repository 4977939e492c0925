// Some versions of npm drop `node_modules/.bin/node` when they discard the Node packages of other platforms. The npm
// scripts need that file: it is the Node 24 that runs the engine. Never fails an install.
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const modules = fileURLToPath(new URL('../node_modules', import.meta.url))
const link = join(modules, '.bin', 'node')
const binary = join(modules, `node-${process.platform}-${process.arch}`, 'bin', 'node')

try {
  if (existsSync(binary) && !existsSync(link)) {
    mkdirSync(join(modules, '.bin'), { recursive: true })
    rmSync(link, { force: true })
    symlinkSync(relative(join(modules, '.bin'), binary), link)
  }
} catch (error) {
  console.log(`heatproof: could not link Node 24 (${error.message}); run npm scripts with Node 24 yourself.`)
}
