import type { EngineEvent } from '../../shared/contract/contract.ts'
import type { Watch } from '../calibration/in-worker.ts'

/** Requests under way that their callers named: they hear of the progress, and can end them. */
export class NamedRequests {
  readonly #emit: (event: EngineEvent) => void
  readonly #controllers = new Map<string, AbortController>()

  readonly #closing: AbortSignal

  /** @param closing ends every request when the workspace is closed */
  constructor(emit: (event: EngineEvent) => void, closing: AbortSignal) {
    this.#emit = emit
    this.#closing = closing
  }

  /** @param requestId null: nobody is told, nobody can end it */
  async run<Result>(requestId: string | null, work: (watch: Watch) => Promise<Result>): Promise<Result> {
    if (requestId === null) return work({ signal: this.#closing })
    const controller = new AbortController()
    this.#controllers.set(requestId, controller)
    const onProgress = (done: number, total: number) =>
      this.#emit({ type: 'progress', requestId, done, total })
    try {
      return await work({ signal: AbortSignal.any([controller.signal, this.#closing]), onProgress })
    } finally {
      this.#controllers.delete(requestId)
    }
  }

  /** Nothing happens where there is no such request any more. */
  cancel(requestId: string): void {
    this.#controllers.get(requestId)?.abort()
  }
}
