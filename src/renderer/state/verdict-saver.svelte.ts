import { z } from 'zod'
import { GroupVerdictInput } from '../../shared/contract/groups.ts'
import { QueueVerdictInput, VerdictInput, type VerdictRow } from '../../shared/contract/verdicts.ts'
import { HeatproofError } from '../../shared/errors.ts'
import type { EngineClient } from '../lib/client.ts'
import { unsavedStore, type UnsavedStore } from '../lib/unsaved.ts'

const FIRST_WAIT_S = 1
const LONGEST_WAIT_S = 15

/** A verdict on its way: on maps, on places of a queue, or on a group of maps. */
const Request = z.discriminatedUnion('procedure', [
  z.object({ procedure: z.literal('review.decide'), input: VerdictInput }),
  z.object({ procedure: z.literal('review.decideQueue'), input: QueueVerdictInput }),
  z.object({ procedure: z.literal('groups.decide'), input: GroupVerdictInput }),
])
type Request = z.input<typeof Request>

/** What the engine answers: the rows, or of places in a queue only how many. */
type Stored = VerdictRow[] | { count: number }

/**
 * Saves verdicts one after the other, whichever screen is shown. A failed one stays and is shown: tried again until it is
 * stored or discarded, or, where the engine refused it, kept until the reviewer tries again or discards it. All tries have
 * one id, by which the engine stores a verdict once, also when it was the answer that was lost.
 */
export class VerdictSaver {
  #saving = $state(false)
  #problem: unknown = $state.raw(null)
  #secondsLeft: number | null = $state(null)
  #recovered: Stored = $state.raw([])
  #wake: ((goOn: boolean) => void) | null = null
  readonly #client: EngineClient
  readonly #workspace: () => string
  readonly #unsaved: UnsavedStore

  /** @param workspace path of the workspace on screen: a verdict that was left unsaved belongs to one */
  constructor(client: EngineClient, workspace: () => string, unsaved = unsavedStore()) {
    this.#client = client
    this.#workspace = workspace
    this.#unsaved = unsaved
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
  save(input: VerdictInput): Promise<VerdictRow[] | null> {
    const request = named(input)
    return this.#store({ procedure: 'review.decide', input: request }, () =>
      this.#client.call('review.decide', request),
    )
  }

  /** The same for a verdict that goes to places of a queue. */
  saveSelection(input: QueueVerdictInput): Promise<{ count: number } | null> {
    const request = named(input)
    return this.#store({ procedure: 'review.decideQueue', input: request }, () =>
      this.#client.call('review.decideQueue', request),
    )
  }

  /** The same for a verdict that goes to a group of maps. */
  saveGroup(input: GroupVerdictInput): Promise<VerdictRow[] | null> {
    const request = named(input)
    return this.#store({ procedure: 'groups.decide', input: request }, () =>
      this.#client.call('groups.decide', request),
    )
  }

  /** @param send one try of the request */
  async #store<Answer>(request: Request, send: () => Promise<Answer>): Promise<Answer | null> {
    if (this.#saving) return null
    this.#saving = true
    try {
      for (let wait = FIRST_WAIT_S; ; wait = Math.min(LONGEST_WAIT_S, 2 * wait)) {
        try {
          return await send()
        } catch (error) {
          this.#problem = error
          this.#unsaved.keep(JSON.stringify({ workspace: this.#workspace(), request } satisfies Kept))
          if (!(await this.#pause(isRefusal(error) ? null : wait))) return null
        }
      }
    } finally {
      this.#saving = false
      this.#problem = null
      this.#unsaved.keep(null)
    }
  }

  /** What was stored of a verdict that an earlier page had left unsaved. */
  get recovered(): Stored {
    return this.#recovered
  }

  /** Goes on with the verdict that an earlier page in this tab could not save. */
  async recover(): Promise<void> {
    const left = read(await this.#unsaved.kept())
    if (left?.workspace === this.#workspace()) this.#recovered = (await this.#saveAgain(left.request)) ?? []
  }

  #saveAgain({ procedure, input }: Request): Promise<Stored | null> {
    switch (procedure) {
      case 'review.decide':
        return this.save(input)
      case 'review.decideQueue':
        return this.saveSelection(input)
      case 'groups.decide':
        return this.saveGroup(input)
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

/** With the id by which the engine tells that it is sent again. */
function named<Input extends { requestId?: string | null | undefined }>(input: Input): Input {
  return { ...input, requestId: input.requestId ?? crypto.randomUUID() }
}

const Kept = z.object({ workspace: z.string(), request: Request })
type Kept = z.input<typeof Kept>

function read(text: string | null): z.output<typeof Kept> | null {
  try {
    return Kept.parse(JSON.parse(text ?? 'null'))
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
