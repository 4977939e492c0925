import { join } from 'node:path'
import { pino } from 'pino'
import buildRoll from 'pino-roll'
import { PROGRAM_VERSION } from '../../engine/program-version.ts'
import { logName, removeEndedLogs } from './ended-logs.ts'
import type { LogLevel } from './levels.ts'
import { withoutPrivate } from './private.ts'

/** Facts of an event; their names say what they are. */
export type Facts = Readonly<Record<string, unknown>>

/** A structured log: each event is a line of JSON with its time, level and facts. */
export interface Log {
  error: (facts: Facts, event: string) => void
  warn: (facts: Facts, event: string) => void
  info: (facts: Facts, event: string) => void
  debug: (facts: Facts, event: string) => void
  /** Writes what is left and lets the file go. */
  close: () => Promise<void>
}

/** A log file is followed by the next when it has this size; the four before it of the same process are kept. */
const FILE_SIZE = '5m'
const KEPT_FILES = 4

export interface LogOptions {
  folder: string
  level: LogLevel
  /** Which program writes: the name of the files, before process and number. */
  name: 'engine' | 'window'
}

/**
 * Opens a log in a folder, which is made when it is missing. No token and nothing of whoever works here gets into it. Where the
 * folder cannot be written there is no log: Heatproof works without one.
 */
export async function openLog({ folder, level, name }: LogOptions): Promise<Log> {
  if (level === 'silent') return NO_LOG
  try {
    const file = await buildRoll({
      ...{ file: join(folder, logName(name)), extension: '.log', size: FILE_SIZE, mkdir: true, sync: true },
      limit: { count: KEPT_FILES },
    })
    removeEndedLogs(folder)
    const logger = pino(
      {
        level,
        base: { version: PROGRAM_VERSION, process: process.pid },
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
      },
      { write: (line: string) => void file.write(withoutPrivate(line)) },
    )
    return {
      error: (facts, event) => logger.error(facts, event),
      warn: (facts, event) => logger.warn(facts, event),
      info: (facts, event) => logger.info(facts, event),
      debug: (facts, event) => logger.debug(facts, event),
      close: () =>
        new Promise((resolve) => {
          file.once('close', () => resolve())
          file.end()
        }),
    }
  } catch {
    return NO_LOG
  }
}

const nothing = (): void => undefined

/** Keeps nothing. */
export const NO_LOG: Log = {
  error: nothing,
  warn: nothing,
  info: nothing,
  debug: nothing,
  close: () => Promise.resolve(),
}

/** What a log says of something that was thrown. Texts of errors for users may hold names; their codes do not. */
export function factsOf(thrown: unknown): Facts {
  if (!(thrown instanceof Error)) return { thrown: typeof thrown }
  const code = 'code' in thrown ? String(thrown.code) : undefined
  return { name: thrown.name, code, message: thrown.message, stack: thrown.stack }
}
