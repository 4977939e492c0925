import type { VerdictRow } from '../../../shared/contract/verdicts.ts'
import type { App } from '../../state/app.svelte.ts'
import type { Draft } from './draft.svelte.ts'
import type { Picture } from './pictures.ts'
import type { StageView } from './stage-view.svelte.ts'

interface Surroundings {
  app: App
  /** Begins anew with each map. */
  draft: Draft
  stage: StageView
}

/** The map on screen, or why it could not be loaded. */
export class ShownMap {
  readonly #around: Surroundings
  #picture: Picture | null = $state.raw(null)
  #problem: unknown = $state.raw(null)

  constructor(around: Surroundings) {
    this.#around = around
  }

  get picture(): Picture | null {
    return this.#picture
  }

  get problem(): unknown {
    return this.#problem
  }

  /** This reviewer's verdict on it that counts, null without any. */
  get latest(): VerdictRow | null {
    return this.#latestOf(this.#picture)
  }

  take(picture: Picture): void {
    this.#picture = picture
    this.#problem = null
    this.#startOver(picture)
  }

  fail(problem: unknown): void {
    this.#problem = problem
  }

  clear(): void {
    this.#picture = null
  }

  /** Drops what is drafted: the form says what was decided last, and no box is being drawn. */
  startOver(): void {
    this.#startOver(this.#picture)
  }

  #startOver(picture: Picture | null): void {
    this.#around.stage.boxTool = false
    this.#around.draft.reset(this.#latestOf(picture))
  }

  #latestOf(picture: Picture | null): VerdictRow | null {
    const { reviewer } = this.#around.app.workspace
    const own = picture?.item.history.filter((row) => row.reviewer === reviewer) ?? []
    const last = own.reduce<VerdictRow | null>(
      (newest, row) => (newest && newest.id > row.id ? newest : row),
      null,
    )
    return last?.verdict === 'withdrawn' ? null : last
  }
}
