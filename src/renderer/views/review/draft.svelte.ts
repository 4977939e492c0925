import type { Box } from '../../../shared/contract/common.ts'
import type { VerdictRow } from '../../../shared/contract/verdicts.ts'
import type { FailureMode } from '../../../shared/names.ts'

/** What the reviewer has chosen for the map on screen and not saved yet. */
export class Draft {
  #modes: readonly FailureMode[] = $state.raw([])
  #note = $state('')
  #box: Box | null = $state.raw(null)
  #choosing = $state(false)
  #touched = $state(false)

  get modes(): readonly FailureMode[] {
    return this.#modes
  }

  get note(): string {
    return this.#note
  }

  get box(): Box | null {
    return this.#box
  }

  /** Modes are being chosen: a mode key adds instead of deciding. */
  get choosing(): boolean {
    return this.#choosing
  }

  /** Something differs from what is stored. */
  get touched(): boolean {
    return this.#touched
  }

  /** Starts from the reviewer's latest verdict on the map, or empty. */
  reset(latest: VerdictRow | null): void {
    this.#modes = latest?.modes ?? []
    this.#note = latest?.note ?? ''
    this.#box = latest?.box ?? null
    this.#choosing = false
    this.#touched = false
  }

  choose(): void {
    if (!this.#touched) this.#modes = []
    this.#choosing = true
  }

  toggle(mode: FailureMode): void {
    this.#modes = this.#modes.includes(mode)
      ? this.#modes.filter((other) => other !== mode)
      : [...this.#modes, mode]
    this.#touched = true
  }

  /** The modes of a fail by this mode's key: beside those chosen just now, instead of those stored earlier. */
  with(mode: FailureMode): FailureMode[] {
    if (!this.#touched) return [mode]
    return this.#modes.includes(mode) ? [...this.#modes] : [...this.#modes, mode]
  }

  write(note: string): void {
    this.#note = note
    this.#touched = true
  }

  draw(box: Box | null): void {
    this.#box = box
    this.#touched = true
  }
}
