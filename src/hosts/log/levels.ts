/** From nothing at all to every request. */
export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** The level that somebody chose by `HEATPROOF_LOG_LEVEL`; `info` where it names none. */
export function logLevelOf(environment: NodeJS.ProcessEnv): LogLevel {
  return LOG_LEVELS.find((level) => level === environment['HEATPROOF_LOG_LEVEL']) ?? 'info'
}
