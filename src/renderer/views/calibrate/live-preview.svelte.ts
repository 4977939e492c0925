import type { Preview, PreviewRequest } from '../../../shared/contract/calibration.ts'

/**
 * What a dragged τ and θ would do, as the engine counts it. While an answer is under way only the latest wish is kept, so that a
 * drag never asks for more than can be answered.
 */
export class LivePreview {
  #answer: Preview | null = $state.raw(null)
  #wanted: PreviewRequest | null = null
  #busy = false
  readonly #ask: (request: PreviewRequest) => Promise<Preview>

  constructor(ask: (request: PreviewRequest) => Promise<Preview>) {
    this.#ask = ask
  }

  /** The latest answer; null before the first one. */
  get answer(): Preview | null {
    return this.#answer
  }

  show(request: PreviewRequest): void {
    this.#wanted = request
    if (!this.#busy) void this.#run()
  }

  async #run(): Promise<void> {
    this.#busy = true
    while (this.#wanted !== null) {
      const request = this.#wanted
      this.#wanted = null
      try {
        this.#answer = await this.#ask(request)
      } catch {
        // What was counted before stays; the next move asks again, and a lost engine is said elsewhere.
      }
    }
    this.#busy = false
  }
}
