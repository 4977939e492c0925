import { join } from 'node:path'
import { electronBinary } from '../../src/hosts/electron-binary.ts'
import { ROOT } from './root.ts'
import { run } from './run.ts'

/** Longest that fetching Electron may take, in milliseconds. */
const FETCH_MS = 120_000
/** A window that ends with a failure so soon, in milliseconds, was never shown. */
const SHOWN_MS = 5000

/** Opens the window and waits until it is closed. @returns why there is none, undefined when there was one */
export async function openWindow(workspace: string): Promise<string | undefined> {
  const obstacle = windowObstacle(process.platform, process.env, process.getuid?.())
  if (obstacle !== undefined) return obstacle
  const binary = electronBinary() ?? (await fetchElectron())
  if (binary === undefined) return 'Electron could not be fetched'
  const started = performance.now()
  const { code } = await run(binary, [ROOT, workspace], { stdio: 'inherit' })
  const failedAtOnce = code !== 0 && performance.now() - started < SHOWN_MS
  return failedAtOnce ? `Electron ended at once (code ${code ?? 'none'})` : undefined
}

/** Why no window can be shown here, whether Electron is there or not. */
export function windowObstacle(
  platform: NodeJS.Platform,
  environment: NodeJS.ProcessEnv,
  userId: number | undefined,
): string | undefined {
  if (platform === 'linux' && !environment['DISPLAY'] && !environment['WAYLAND_DISPLAY'])
    return 'there is no display'
  if (userId === 0) return 'Electron does not run as root'
  return undefined
}

async function fetchElectron(): Promise<string | undefined> {
  console.log('Fetching Electron once, about 110 MB, at most two minutes …')
  await run(process.execPath, [join(ROOT, 'node_modules', 'electron', 'install.js')], { limit: FETCH_MS })
  return electronBinary()
}
