import { untrack } from 'svelte'
import type { KeyActionId } from '../../shared/keys.ts'

/** Something that the palette offers and, where it has a key, the keyboard sets off. */
export interface Command {
  id: string
  title: string
  group: string
  /** Its row in shared/keys.ts. */
  key?: KeyActionId
  /** False while it makes no sense; absent: always. */
  enabled?: () => boolean
  run: () => void
}

/** What can be done right now. A screen registers its commands while it is shown. */
export class Commands {
  #sets: readonly (readonly Command[])[] = $state.raw([])

  get all(): Command[] {
    return this.#sets.flat().filter((command) => command.enabled?.() ?? true)
  }

  /** Adds commands and answers with what takes them away again, ready for `$effect(() => commands.register([…]))`. */
  register(set: readonly Command[]): () => void {
    this.#sets = [...untrack(() => this.#sets), set]
    return () => {
      this.#sets = untrack(() => this.#sets).filter((other) => other !== set)
    }
  }

  /** Runs the command with this key; false where there is none. */
  runKey(key: KeyActionId): boolean {
    const command = this.all.find((candidate) => candidate.key === key)
    command?.run()
    return command !== undefined
  }
}
