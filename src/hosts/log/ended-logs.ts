import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Of programs that have ended, so many of the latest log files are kept. */
export const KEPT_OF_ENDED = 5

/** The process is in the name of what it writes; before that all wrote to the same file. */
const LOG_FILE = /^(?:engine|window)(?:-(\d+))?\.\d+\.log$/

/** Name of the files of one process, before their number: no two count the size of the same file. */
export function logName(program: 'engine' | 'window'): string {
  return `${program}-${process.pid}`
}

/** Removes logs of programs that have ended, but the latest {@link KEPT_OF_ENDED}. */
export function removeEndedLogs(folder: string): void {
  const ended = readdirSync(folder)
    .filter((file) => LOG_FILE.test(file) && !isRunning(Number(LOG_FILE.exec(file)?.[1])))
    .map((file) => join(folder, file))
    .map((path) => ({ path, at: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.at - a.at)
  for (const { path } of ended.slice(KEPT_OF_ENDED)) rmSync(path, { force: true })
}

/** Also a process of somebody else, which may not be signalled. */
function isRunning(id: number): boolean {
  if (Number.isNaN(id)) return false
  try {
    return process.kill(id, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
