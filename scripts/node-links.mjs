import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, win32 } from 'node:path'
import { shippedNode } from '../src/hosts/shipped-node.mjs'

/**
 * Makes the commands `node` and `heatproof` in a project's node_modules/.bin, where npm has not: links, or on Windows files
 * that `cmd` runs.
 *
 * @param {string} root the project's folder
 * @param {NodeJS.Platform} platform
 * @param {string} arch
 */
export function linkCommands(root, platform = process.platform, arch = process.arch) {
  const bin = join(root, 'node_modules', '.bin')
  const node = join(root, 'node_modules', shippedNode(platform, arch))
  const heatproof = join(root, 'src', 'hosts', 'heatproof.mjs')
  mkdirSync(bin, { recursive: true })
  if (platform === 'win32') {
    command(join(bin, 'node.cmd'), node, '')
    command(join(bin, 'heatproof.cmd'), heatproof, 'node ')
  } else {
    link(join(bin, 'node'), node)
    link(join(bin, 'heatproof'), heatproof)
  }
}

/** @param {string} path @param {string} target */
function link(path, target) {
  if (!existsSync(target) || existsSync(path)) return
  rmSync(path, { force: true })
  symlinkSync(relative(dirname(path), target), path)
}

/** @param {string} path @param {string} target @param {string} by what runs it */
function command(path, target, by) {
  if (!existsSync(target) || existsSync(path)) return
  const from = win32.normalize(relative(dirname(path), target))
  writeFileSync(path, `@${by}"%~dp0${from}" %*\r\n`)
}
