import { untrack } from 'svelte'
import type { EngineEvent } from '../../shared/contract/contract.ts'
import { getApp } from './app.svelte.ts'

type Table = Extract<EngineEvent, { type: 'changed' }>['what'][number]

/** An answer of the engine that is asked again when what it depends on changes. */
export class Query<Value> {
  #value: Value | null = $state.raw(null)
  #problem: unknown = $state.raw(null)
  #busy = $state(false)
  #asked = 0

  /** The latest answer; null before the first one. It stays while a newer one is under way. */
  get value(): Value | null {
    return this.#value
  }

  /** Why the latest question had no answer; null when it had one. */
  get problem(): unknown {
    return this.#problem
  }

  get busy(): boolean {
    return this.#busy
  }

  /** Takes over a question; answers of earlier ones are ignored from now on. */
  async follow(question: Promise<Value>): Promise<void> {
    const mine = (this.#asked += 1)
    this.#busy = true
    try {
      const value = await question
      if (mine !== this.#asked) return
      this.#value = value
      this.#problem = null
    } catch (error) {
      if (mine !== this.#asked) return
      this.#problem = error
    }
    this.#busy = false
  }
}

const PATIENCE = 400

/**
 * Asks when the component appears, when state that `ask` reads changes, and shortly after rows of one of the tables
 * changed. `ask` answers null while there is nothing to ask.
 */
export function useQuery<Value>(
  ask: () => Promise<Value> | null,
  tables: readonly Table[] = [],
): Query<Value> {
  const query = new Query<Value>()
  const { client } = getApp()
  let changes = $state(0)

  $effect(() => {
    if (changes < 0) return
    const question = ask()
    if (question !== null) untrack(() => void query.follow(question))
  })

  $effect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = client.subscribe((event) => {
      if (event.type !== 'changed' || !event.what.some((table) => tables.includes(table))) return
      timer ??= setTimeout(() => {
        timer = undefined
        changes += 1
      }, PATIENCE)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  })

  return query
}
