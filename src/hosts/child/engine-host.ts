import type { Engine } from '../../engine/api/engine.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { openWorkspace } from '../open-workspace.ts'
import { factsOf, NO_LOG, openLog, type Log } from '../log/log.ts'
import { toPublicError } from '../server/errors.ts'
import { startServer, type RunningServer } from '../server/server.ts'
import type { FromEngine, ToEngine } from './messages.ts'

type Place = NonNullable<Extract<ToEngine, { type: 'open' }>['at']>

/** One engine and its server, driven by messages. */
export class EngineHost {
  readonly #send: (message: FromEngine) => void
  #opening: Promise<void> | undefined
  #engine: Engine | undefined
  #server: RunningServer | undefined
  #log: Log = NO_LOG

  constructor(send: (message: FromEngine) => void) {
    this.#send = send
  }

  async receive(message: Exclude<ToEngine, { type: 'close' }>): Promise<void> {
    if (message.type === 'open') {
      this.#opening ??= this.#open(message)
      await this.#opening
    } else {
      await this.#opening
      this.#allowFolder(message.folder)
    }
  }

  /** Also while it is still opening: what it opened is closed. */
  async close(): Promise<void> {
    await this.#opening
    await this.#server?.close()
    await this.#engine?.close()
    await this.#log.close()
  }

  /** A folder may be gone by now: exports into it are then refused by themselves. */
  #allowFolder(folder: string): void {
    try {
      this.#engine?.allowFolder(folder)
    } catch (error) {
      console.error(error)
    }
  }

  async #open({ workspace, whenMissing, at, log }: Extract<ToEngine, { type: 'open' }>): Promise<void> {
    try {
      if (log !== null) this.#log = await openLog({ ...log, name: 'engine' })
      this.#engine = await openWorkspace({ workspace, whenMissing, backend: 'auto', folders: [] })
      this.#server = await serveAt(this.#engine, at, this.#log)
      this.#log.info(
        { port: this.#server.port, platform: process.platform, node: process.version },
        'serving',
      )
      this.#send({ type: 'ready', origin: this.#server.origin, address: this.#server.address })
    } catch (thrown) {
      const { error } = toPublicError(thrown)
      this.#log.error(error.code === 'internal' ? factsOf(thrown) : { code: error.code }, 'cannot open')
      console.error(error.code === 'internal' ? thrown : error.message)
      this.#send({ type: 'failed', error })
    }
  }
}

/** At a place that was ours before; anywhere if somebody has taken its port meanwhile. */
async function serveAt(engine: Engine, at: Place | null, log: Log): Promise<RunningServer> {
  if (at === null) return startServer(engine, { log })
  try {
    return await startServer(engine, { ...at, log })
  } catch (error) {
    if (error instanceof HeatproofError && error.code === 'port_in_use') return startServer(engine, { log })
    throw error
  }
}
