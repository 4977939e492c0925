/** What a running job reports. */
export interface Progress {
  done: number
  total: number
  detail: string
  /** What is counted, where it is another thing than the job says of itself. */
  unit?: string
}

/** Estimates the time left from the pace since the job (re)started; work done before a resume does not count as pace. */
export class TimeLeft {
  readonly #startedAt: number
  #firstDone: number | null = null

  /** @param now milliseconds */
  constructor(now: number) {
    this.#startedAt = now
  }

  /** Seconds, or null while nothing is known. */
  estimate({ done, total }: Pick<Progress, 'done' | 'total'>, now: number): number | null {
    this.#firstDone ??= done
    const gained = done - this.#firstDone
    if (gained <= 0 || total <= 0) return null
    return Math.max(0, ((now - this.#startedAt) / 1000) * ((total - done) / gained))
  }
}
