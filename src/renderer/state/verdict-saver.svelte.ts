import { z } from 'zod'
import { VerdictInput, type VerdictRow } from '../../shared/contract/review.ts'
import { HeatproofError } from '../../shared/errors.ts'
import type { EngineClient } from '../lib/client.ts'

const FIRST_WAIT_S = 1
const LONGEST_WAIT_S = 15

/** Where a verdict that could not be saved outlasts a reload of the page, or its opening with a new token. */
const KEPT = 'heatproof.unsaved-verdict'

/**
 * Saves verdicts one after the other, whichever screen is shown. A failed one stays and is shown: tried again until it is
 * stored or discarded, or, where the engine refused it, kept until the reviewer tries again or discards it. All tries have
 * one id, by which the engine stores a verdict once, also when it was the answer that was lost.
 */
export class VerdictSaver {
  #saving = $state(false)
  #problem: unknown = $state.raw(null)
  #secondsLeft: number | null = $state(null)
  #recovered: readonly VerdictRow[] = $state.raw([])
  #wake: ((goOn: boolean) => void) | null = null
  readonly #client: EngineClient
  readonly #workspace: () => string

  /** @param workspace path of the workspace on screen: a verdict that was left unsaved belongs to one */
  constructor(client: EngineClient, workspace: () => string) {
    this.#client = client
    this.#workspace = workspace
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
    const request = { ...input, requestId: input.requestId ?? crypto.randomUUID() }
    try {
      for (let wait = FIRST_WAIT_S; ; wait = Math.min(LONGEST_WAIT_S, 2 * wait)) {
        try {
          return await this.#client.call('review.decide', request)
        } catch (error) {
          this.#problem = error
          keep({ workspace: this.#workspace(), input: request })
          if (!(await this.#pause(isRefusal(error) ? null : wait))) return null
        }
      }
    } finally {
      this.#saving = false
      this.#problem = null
      keep(null)
    }
  }

  /** What was stored of a verdict that an earlier page had left unsaved. */
  get recovered(): readonly VerdictRow[] {
    return this.#recovered
  }

  /** Goes on with the verdict that an earlier page in this tab could not save. */
  async recover(): Promise<void> {
    const left = kept()
    if (left?.workspace === this.#workspace()) this.#recovered = (await this.save(left.input)) ?? []
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

const Kept = z.object({ workspace: z.string(), input: VerdictInput })

function keep(left: { workspace: string; input: VerdictInput } | null): void {
  if (left === null) sessionStorage.removeItem(KEPT)
  else sessionStorage.setItem(KEPT, JSON.stringify(left))
}

function kept(): z.output<typeof Kept> | null {
  try {
    return Kept.parse(JSON.parse(sessionStorage.getItem(KEPT) ?? 'null'))
  } catch {
    return null
  }
}

/**
 * Whether the engine has answered and said no for good, in contrast to a lost connection, a crash, a full disk, or a token
 * that holds again as soon as the new address was opened in another tab.
 */
function isRefusal(error: unknown): boolean {
  return error instanceof HeatproofError && error.exitCode === 2 && error.code !== 'forbidden'
}
