/** How far long work is, for people. */
export interface WorkProgress {
  done: number
  /** 0 while it is not known. */
  total: number
  unit: string
  secondsLeft: number | null
  detail: string
}

/** Where progress is shown: a terminal, or a file that a log goes to. */
export interface ProgressStream {
  isTTY?: boolean
  write: (text: string) => unknown
}

/** A log gets at most a line every so many milliseconds. */
const LOG_EVERY = 10_000

/** Shows progress on one line of a terminal; in a log, on a new line from time to time. */
export class ProgressLine {
  readonly #stream: ProgressStream
  readonly #now: () => number
  #shownAt = -Infinity
  #open = false

  constructor(stream: ProgressStream = process.stderr, now: () => number = Date.now) {
    this.#stream = stream
    this.#now = now
  }

  show(progress: WorkProgress): void {
    const line = printProgress(progress)
    if (this.#stream.isTTY) {
      this.#stream.write(`\r\u001b[K${line}`)
      this.#open = true
      return
    }
    const now = this.#now()
    if (now - this.#shownAt < LOG_EVERY) return
    this.#shownAt = now
    this.#stream.write(`${line}\n`)
  }

  /** Leaves the terminal on a line of its own. */
  end(): void {
    if (this.#open) this.#stream.write('\n')
    this.#open = false
  }
}

/** E.g. `1,200 of 3,600 maps (33 %), 2 min left, Deep`. */
export function printProgress({ done, total, unit, secondsLeft, detail }: WorkProgress): string {
  const parts: string[] = []
  if (total > 0) {
    const percent = Math.floor((100 * done) / total)
    parts.push(`${grouped(done)} of ${grouped(total)} ${unit} (${percent} %)`)
  }
  if (secondsLeft !== null) parts.push(`${printDuration(secondsLeft)} left`)
  if (detail !== '') parts.push(detail)
  return parts.length > 0 ? parts.join(', ') : 'starting …'
}

/** E.g. `45 s`, `12 min`, `3 h 20 min`. */
export function printDuration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 90) return `${minutes} min`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

function grouped(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}
