import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PROGRAMS: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'open',
  linux: 'xdg-open',
  win32: 'explorer',
}

/** The program that opens the default browser, undefined where there is none to see. */
export function browserProgram(
  platform: NodeJS.Platform,
  environment: NodeJS.ProcessEnv,
): string | undefined {
  const hasScreen = platform !== 'linux' || Boolean(environment['DISPLAY'] ?? environment['WAYLAND_DISPLAY'])
  return hasScreen ? PROGRAMS[platform] : undefined
}

/**
 * Opens an address in the default browser, if there is one; never fails. The address holds the token, and arguments of
 * programs can be read by every user of the machine: so the browser gets a page that only this user can read.
 *
 * @returns takes the page away again
 */
export function openBrowser(
  address: string,
  program = browserProgram(process.platform, process.env),
): () => void {
  if (program === undefined) return () => undefined
  const folder = mkdtempSync(join(tmpdir(), 'heatproof-'))
  const page = join(folder, 'open.html')
  writeFileSync(page, `<!doctype html><meta http-equiv="refresh" content="0;url=${address}">`, {
    mode: 0o600,
  })
  const child = spawn(program, [page], { detached: true, stdio: 'ignore' })
  child.on('error', () => undefined)
  child.unref()
  return () => rmSync(folder, { recursive: true, force: true })
}
