import { describeEnd } from '../hosts/child/engine-end.ts'
import type { EngineListeners, LaunchedEngine } from '../hosts/child/launch.ts'
import type { WorkspaceChoice } from './arguments.ts'
import type { Problem } from './problem-page.ts'

/** After so many crashes within {@link STEADY_MS} it gives up. */
export const MOST_CRASHES = 3
/** Crashes that lie so far back, in milliseconds, do not count any more. */
export const STEADY_MS = 60_000
const FIRST_WAIT_MS = 500

export interface SupervisorNeeds {
  /** @param at the address that the engine had before a crash: the new one takes its place */
  launch: (choice: WorkspaceChoice, listeners: EngineListeners, at: string | undefined) => LaunchedEngine
  /** Calls back after some milliseconds, unless the returned function is called first. */
  wait: (milliseconds: number, then: () => void) => () => void
  now: () => number
  onReady: (place: { origin: string; address: string }) => void
  /** It stopped and is being started again: the page that is open goes on with the engine that follows. */
  onRestart: (problem: Problem) => void
  /** It ended unasked: why, and what it printed last. */
  onEnd: (cause: string, output: string) => void
  /** There is no engine until somebody does something about it. */
  onProblem: (problem: Problem) => void
}

/** Owns the engine process: starts it again after a crash, at growing intervals, and says why it stopped. */
export class Supervisor {
  readonly #needs: SupervisorNeeds
  readonly #folders = new Set<string>()
  #choice: WorkspaceChoice
  #engine: LaunchedEngine | undefined
  #address: string | undefined
  #cancelWait: (() => void) | undefined
  /** When it crashed, in the order of the crashes; older ones than {@link STEADY_MS} are dropped. */
  #crashes: number[] = []
  /** What to do when the engine has ended on request; undefined: an end is a crash. */
  #afterEnd: (() => void) | undefined

  constructor(choice: WorkspaceChoice, needs: SupervisorNeeds) {
    this.#choice = choice
    this.#needs = needs
  }

  start(): void {
    let failed = false
    const listeners: EngineListeners = {
      onReady: (place) => {
        this.#address = place.address
        for (const folder of this.#folders) this.#engine?.allowFolder(folder)
        this.#needs.onReady(place)
      },
      onFailed: ({ message }) => {
        failed = true
        this.#needs.onProblem({
          title: 'This workspace cannot be opened',
          detail: message,
          actions: ['try-again', 'open-logs'],
        })
        this.#engine?.close()
      },
      onExit: (end) => {
        this.#engine = undefined
        const afterEnd = this.#afterEnd
        this.#afterEnd = undefined
        if (afterEnd !== undefined) afterEnd()
        else if (!failed) this.#crashed(describeEnd(end), end.output)
      },
    }
    this.#engine = this.#needs.launch(this.#choice, listeners, this.#address)
  }

  /** Lets exports go into a folder that the user chose, now and after restarts. */
  allowFolder(folder: string): void {
    this.#folders.add(folder)
    this.#engine?.allowFolder(folder)
  }

  /** Goes on with another workspace, or with the same one again. */
  open(choice: WorkspaceChoice = this.#choice): void {
    if (choice !== this.#choice) this.#address = undefined
    this.#choice = choice
    this.#crashes = []
    this.#end(() => this.start())
  }

  /** Ends the engine in order. */
  stop(): Promise<void> {
    return new Promise((resolve) => this.#end(resolve))
  }

  #end(then: () => void): void {
    this.#cancelWait?.()
    this.#cancelWait = undefined
    if (this.#engine === undefined) then()
    else {
      this.#afterEnd = then
      this.#engine.close()
    }
  }

  #crashed(reason: string, output: string): void {
    this.#needs.onEnd(reason, output)
    const now = this.#needs.now()
    this.#crashes = [...this.#crashes.filter((earlier) => now - earlier < STEADY_MS), now]
    const { length } = this.#crashes
    if (length < MOST_CRASHES) {
      const detail = `${reason} Verdicts that are not saved yet are kept and sent again.`
      this.#needs.onRestart({ title: 'The engine stopped and is being started again', detail })
      this.#cancelWait = this.#needs.wait(waitAfterCrash(length), () => this.start())
    } else {
      this.#needs.onProblem({
        title: `The engine stopped ${length} times within a minute`,
        detail: `${reason} Everything that was saved is in the workspace.\n\n${output}`,
        actions: ['try-again', 'open-logs'],
      })
    }
  }
}

/** Doubles with each crash that counts, in milliseconds. */
export function waitAfterCrash(crashes: number): number {
  return FIRST_WAIT_MS * 2 ** (crashes - 1)
}
