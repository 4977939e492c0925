import type { VerdictInput, VerdictRow } from '../../../shared/contract/review.ts'
import { HeatproofError } from '../../../shared/errors.ts'
import type { EngineClient } from '../../lib/client.ts'

const FIRST_WAIT_S = 1
const LONGEST_WAIT_S = 15

/**
 * Saves verdicts one after the other. A failed one stays and is shown: tried again until it is stored or discarded, or, where
 * the engine refused it, kept until the reviewer tries again or discards it. All tries have one id, by which the engine stores
 * a verdict once, also when it was the answer that was lost.
 */
export class VerdictSaver {
  #saving = $state(false)
  #problem: unknown = $state.raw(null)
  #secondsLeft: number | null = $state(null)
  #wake: ((goOn: boolean) => void) | null = null
  readonly #client: EngineClient

  constructor(client: EngineClient) {
    this.#client = client
  }

  /** A verdict is not on disk yet. */
  get saving(): boolean {
    return this.#saving
  }

  /** Why the last try failed; null while nothing is wrong. */
  get problem(): unknown {
    return this.#problem
  }

  /** Until the next try; null when there is none by itself, because another try of the same would be refused too. */
  get secondsLeft(): number | null {
    return this.#secondsLeft
  }

  /** Answers when the verdict is on disk; null when it was discarded, or when another one is still being saved. */
  async save(input: VerdictInput): Promise<VerdictRow[] | null> {
    if (this.#saving) return null
    this.#saving = true
    const request = { ...input, requestId: crypto.randomUUID() }
    try {
      for (let wait = FIRST_WAIT_S; ; wait = Math.min(LONGEST_WAIT_S, 2 * wait)) {
        try {
          return await this.#client.call('review.decide', request)
        } catch (error) {
          this.#problem = error
          if (!(await this.#pause(isRefusal(error) ? null : wait))) return null
        }
      }
    } finally {
      this.#saving = false
      this.#problem = null
    }
  }

  retry(): void {
    this.#wake?.(true)
  }

  discard(): void {
    this.#wake?.(false)
  }

  /** Answers whether to go on: when the time is over or the reviewer says so. */
  async #pause(seconds: number | null): Promise<boolean> {
    this.#secondsLeft = seconds
    const clock = setInterval(() => {
      if (this.#secondsLeft === null) return
      this.#secondsLeft--
      if (this.#secondsLeft <= 0) this.retry()
    }, 1000)
    const goOn = await new Promise<boolean>((resolve) => (this.#wake = resolve))
    clearInterval(clock)
    this.#wake = null
    return goOn
  }
}

/** Whether the engine has answered and said no for good, in contrast to a lost connection, a crash or a full disk. */
function isRefusal(error: unknown): boolean {
  return error instanceof HeatproofError && error.exitCode === 2
}
