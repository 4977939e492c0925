import type { Database } from 'better-sqlite3'
import { transact } from './statements.ts'

type Outcome = { done: true; value: unknown } | { done: false; error: Error }

interface Waiting {
  work: () => unknown
  settle: (outcome: Outcome) => void
}

/**
 * Lets writes that come at the same time wait for the disk together: those that arrive within one turn of the event loop are one
 * transaction, each still all or nothing by itself. A commit takes milliseconds while something else writes much; eight busy
 * reviewers would else queue behind one another's.
 */
export class GroupCommit {
  readonly #database: Database
  #waiting: Waiting[] = []

  constructor(database: Database) {
    this.#database = database
  }

  /**
   * Runs synchronous writes in their turn; answers when they are on disk. What `work` throws, its caller gets, and nothing of it
   * is stored. @throws HeatproofError `cannot_write`
   */
  run<Result>(work: () => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      const settle = (outcome: Outcome): void => {
        if (outcome.done) resolve(outcome.value as Result)
        else reject(outcome.error)
      }
      if (this.#waiting.push({ work, settle }) === 1) setImmediate(() => this.#commit())
    })
  }

  #commit(): void {
    const group = this.#waiting
    this.#waiting = []
    const outcomes = this.#together(group) ?? group.flatMap((one) => this.#together([one]) ?? [])
    group.forEach(({ settle }, index) => {
      const outcome = outcomes[index]
      if (outcome !== undefined) settle(outcome)
    })
  }

  /** Undefined where several failed as one, such as for want of room: each is then tried alone. */
  #together(group: readonly Waiting[]): Outcome[] | undefined {
    try {
      return transact(this.#database, () => group.map(({ work }) => this.#attempt(work)))
    } catch (error) {
      return group.length === 1 ? [{ done: false, error: asError(error) }] : undefined
    }
  }

  /** @throws what ended the whole transaction */
  #attempt(work: () => unknown): Outcome {
    try {
      return { done: true, value: this.#database.transaction(work)() }
    } catch (error) {
      if (!this.#database.inTransaction) throw error
      return { done: false, error: asError(error) }
    }
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
