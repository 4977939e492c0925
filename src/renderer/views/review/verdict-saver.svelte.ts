import type { VerdictInput, VerdictRow } from '../../../shared/contract/review.ts'
import type { EngineClient } from '../../lib/client.ts'

const FIRST_WAIT_S = 1
const LONGEST_WAIT_S = 15

/** Saves verdicts one after the other. A failed one stays, is shown, and is tried again until it is stored or discarded. */
export class VerdictSaver {
  #saving = $state(false)
  #problem: unknown = $state.raw(null)
  #secondsLeft = $state(0)
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

  get secondsLeft(): number {
    return this.#secondsLeft
  }

  /** Answers when the verdict is on disk; null when it was discarded, or when another one is still being saved. */
  async save(input: VerdictInput): Promise<VerdictRow[] | null> {
    if (this.#saving) return null
    this.#saving = true
    try {
      for (let wait = FIRST_WAIT_S; ; wait = Math.min(LONGEST_WAIT_S, 2 * wait)) {
        try {
          return await this.#client.call('review.decide', input)
        } catch (error) {
          this.#problem = error
          if (!(await this.#pause(wait))) return null
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

  async #pause(seconds: number): Promise<boolean> {
    this.#secondsLeft = seconds
    const clock = setInterval(() => {
      this.#secondsLeft--
      if (this.#secondsLeft <= 0) this.retry()
    }, 1000)
    const goOn = await new Promise<boolean>((resolve) => (this.#wake = resolve))
    clearInterval(clock)
    this.#wake = null
    return goOn
  }
}
