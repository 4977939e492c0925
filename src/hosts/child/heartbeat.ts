/** So often does the engine say that it is alive, in milliseconds. */
export const BEAT_MS = 1000

export interface Silence {
  /** The engine has opened its workspace: from now on the shorter limit holds. */
  ready: () => void
  /** It was heard. */
  heard: () => void
  /** Nobody listens any more. */
  stop: () => void
}

export interface SilenceLimits {
  /** Between two beats, in milliseconds, before an engine counts as hung: every 30 s something else gets its turn. */
  running: number
  /** The same while it opens the workspace: the backup before a migration copies the file in one go. */
  opening: number
}

export const SILENCE_LIMITS: SilenceLimits = { running: 30_000, opening: 600_000 }

/**
 * Counts the beats that did not come, and calls back once when they are too many. Beats are counted and no clock is read, so that a
 * computer that slept for hours does not kill an engine that slept with it.
 *
 * @param beat milliseconds between two beats
 */
export function watchSilence(limits: SilenceLimits, onHung: () => void, beat = BEAT_MS): Silence {
  let limit = limits.opening
  let missed = 0
  const timer = setInterval(() => {
    missed += 1
    if (missed * beat <= limit) return
    clearInterval(timer)
    onHung()
  }, beat)
  return {
    ready: () => {
      limit = limits.running
      missed = 0
    },
    heard: () => {
      missed = 0
    },
    stop: () => clearInterval(timer),
  }
}
