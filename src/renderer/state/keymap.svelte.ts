import { z } from 'zod'
import {
  actionOf,
  chordsOf,
  clashesOf,
  KEY_ACTION_IDS,
  type KeyAction,
  type KeyActionId,
  type KeyChanges,
} from '../../shared/keys.ts'
import { recall, remember } from '../lib/storage.ts'

const Stored = z.partialRecord(z.string(), z.array(z.string()))
const STORED = 'heatproof.keys'

/** The keys of this browser: the table of shared/keys.ts with the user's changes. */
export class Keymap {
  #changes: KeyChanges = $state.raw({})
  readonly mac = /mac/i.test(navigator.platform)

  constructor() {
    const stored = recall(STORED, Stored, {})
    const entries = KEY_ACTION_IDS.flatMap((id) => (stored[id] ? [[id, stored[id]] as const] : []))
    this.#changes = Object.fromEntries(entries)
  }

  chords(id: KeyActionId): readonly string[] {
    return chordsOf(id, this.#changes)
  }

  action(chord: string, scope: KeyAction['scope']): KeyActionId | null {
    return actionOf(chord, scope, this.#changes)
  }

  /** Other actions that the chord sets off where `id` works. */
  clashes(id: KeyActionId, chord: string): KeyActionId[] {
    return clashesOf(id, chord, this.#changes)
  }

  isChanged(id: KeyActionId): boolean {
    return this.#changes[id] !== undefined
  }

  change(id: KeyActionId, chords: string[]): void {
    this.#store({ ...this.#changes, [id]: chords })
  }

  /** Back to the table: one action, or all. */
  reset(id?: KeyActionId): void {
    const kept = id === undefined ? [] : Object.entries(this.#changes).filter(([key]) => key !== id)
    this.#store(Object.fromEntries(kept))
  }

  #store(changes: KeyChanges): void {
    this.#changes = changes
    remember(STORED, changes)
  }
}
