import { HeatproofError } from '../../shared/errors.ts'
import type { EngineClient } from '../lib/client.ts'

/** Whether it ended because somebody cancelled it. */
export function isCancelled(error: unknown): boolean {
  return error instanceof HeatproofError && error.code === 'cancelled'
}

/** A request that tells its progress and can be cancelled; one at a time. */
export class WatchedRequest {
  #id: string | null = $state.raw(null)
  #share = $state(0)
  readonly #client: EngineClient

  constructor(client: EngineClient) {
    this.#client = client
  }

  get busy(): boolean {
    return this.#id !== null
  }

  /** How much is done, 0 to 1. */
  get share(): number {
    return this.#share
  }

  /** Runs what `ask` begins with the id that it is given. */
  async run<Value>(ask: (requestId: string) => Promise<Value>): Promise<Value> {
    const id = crypto.randomUUID()
    this.#id = id
    this.#share = 0
    const stop = this.#client.subscribe((event) => {
      if (event.type === 'progress' && event.requestId === id) this.#share = event.done / event.total
    })
    try {
      return await ask(id)
    } finally {
      stop()
      if (this.#id === id) this.#id = null
    }
  }

  /** The request then ends with the error `cancelled`. */
  cancel(): void {
    if (this.#id !== null) void this.#client.call('calibration.cancel', { requestId: this.#id })
  }
}
