import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/** Why no disk of a chosen size can be mounted here; undefined where it can. */
export const NO_MOUNT =
  process.getuid?.() === 0 &&
  spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0
    ? undefined
    : 'only root can mount a small disk, and not in every container'

const mounted: string[] = []

export function mount(...args: string[]): void {
  const { status, stderr } = spawnSync('mount', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}

/** Makes a folder that is a disk of its own, with so many kibibytes. */
export function mountSmallDisk(folder: string, kibibytes: number): string {
  mkdirSync(folder)
  mount('-t', 'tmpfs', '-o', `size=${kibibytes}k`, 'tmpfs', folder)
  mounted.push(folder)
  return folder
}

/** Gives back what was mounted; call it where the tests are declared. */
export function unmountAfterwards(): void {
  afterAll(() => {
    mounted.forEach(unmount)
  })
}

export function unmount(folder: string): void {
  spawnSync('umount', ['--lazy', folder])
}

/** Takes all of a small disk but so many kibibytes; the answer makes room again. */
export function fillDisk(folder: string, left: number): () => void {
  const { bavail, bsize } = statfsSync(folder)
  const filler = join(folder, 'filler')
  writeFileSync(filler, new Uint8Array(Math.max(0, bavail * bsize - left * 1024)))
  return () => rmSync(filler)
}
