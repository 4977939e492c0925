import { z } from 'zod'
import { CLIPS } from '../../lib/colour-scale.ts'
import { recall, remember } from '../../lib/storage.ts'

export const STAGE_MODES = ['heatmap', 'overlay', 'input'] as const
/** Whether each map has its own colour scale, or those of a method share one. */
export const STAGE_SCALES = ['own', 'shared'] as const
const Options = z.object({
  mode: z.enum(STAGE_MODES),
  opacity: z.number().min(0).max(1),
  steps: z.boolean(),
  covered: z.union(CLIPS.map((clip) => z.literal(clip))),
  blind: z.boolean(),
  scale: z.enum(STAGE_SCALES).default('own'),
})
type Options = z.infer<typeof Options>
export type StageMode = Options['mode']

const STORED = 'heatproof.stage'
const DEFAULTS: Options = {
  mode: 'heatmap',
  opacity: 0.8,
  steps: false,
  covered: 0.995,
  blind: false,
  scale: 'own',
}

/** How heatmaps are shown; kept in this browser. */
export class StageView {
  #options: Options = $state.raw(recall(STORED, Options, DEFAULTS))
  #held = $state(false)
  #boxTool = $state(false)

  get options(): Options {
    return this.#options
  }

  /** The mode on screen: the plain input while its key is held. */
  get mode(): StageMode {
    return this.#held ? 'input' : this.#options.mode
  }

  get boxTool(): boolean {
    return this.#boxTool
  }

  set boxTool(on: boolean) {
    this.#boxTool = on
  }

  hold(held: boolean): void {
    this.#held = held
  }

  change(options: Partial<Options>): void {
    this.#options = { ...this.#options, ...options }
    remember(STORED, this.#options)
  }

  cycle(): void {
    const next = (STAGE_MODES.indexOf(this.#options.mode) + 1) % STAGE_MODES.length
    this.change({ mode: STAGE_MODES[next] ?? 'heatmap' })
  }
}
