import Database from 'better-sqlite3'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { electronBinary } from '../electron-binary.ts'
import { attempt, type Finding } from './examine.ts'

const PackageJson = z.object({ version: z.string() })

/** SQLite, the window, and the browser of the tests. */
export async function examinePrograms(): Promise<Finding[]> {
  return [
    await attempt('better-sqlite3', () => `${packageVersion('better-sqlite3')}, SQLite ${sqliteVersion()}`),
    examineElectron(),
    await attempt('Chromium for tests', () => `@sparticuz/chromium ${packageVersion('@sparticuz/chromium')}`),
    examineScreens(),
  ]
}

function packageVersion(name: string): string {
  const file = fileURLToPath(new URL(`../../../node_modules/${name}/package.json`, import.meta.url))
  if (!existsSync(file)) throw new Error('not installed')
  return PackageJson.parse(JSON.parse(readFileSync(file, 'utf8'))).version
}

function sqliteVersion(): string {
  const database = new Database(':memory:')
  try {
    return z.string().parse(database.prepare('SELECT sqlite_version()').pluck().get())
  } finally {
    database.close()
  }
}

function examineElectron(): Finding {
  const binary = electronBinary()
  const missing = 'its binary is not there; `npm start` fetches it, and serves a browser where it cannot'
  return { name: 'Electron', ok: binary !== undefined, found: binary ?? missing }
}

function examineScreens(): Finding {
  const page = fileURLToPath(new URL('../../../out/renderer/index.html', import.meta.url))
  const built = existsSync(page)
  return { name: 'screens', ok: built, found: built ? page : 'not built; run `npm run build`' }
}
