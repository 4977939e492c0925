import type { SharedScale } from '../../../shared/contract/review.ts'
import { colourScale, sharedScale, type ColourScale } from '../../lib/colour-scale.ts'
import type { App } from '../../state/app.svelte.ts'
import type { StageView } from './stage-view.svelte.ts'

/** The colour scales of maps: each its own, or one for all maps of a method in the queue on screen. */
export class SharedScales {
  readonly #app: App
  readonly #stage: StageView
  #asked = ''
  #scales: readonly SharedScale[] = $state.raw([])

  constructor(app: App, stage: StageView) {
    this.#app = app
    this.#stage = stage
  }

  /** Asks for the scales of a queue, unless they are here. Until they are, each map has its own. */
  async load(queueId: number, covered: number): Promise<void> {
    const asking = `${queueId} ${covered}`
    if (asking === this.#asked) return
    this.#asked = asking
    this.#scales = []
    try {
      const scales = await this.#app.client.call('review.scales', { queueId, covered })
      if (asking === this.#asked) this.#scales = scales
    } catch (error) {
      this.#asked = ''
      this.#app.notices.fail('The shared scales could not be read', error)
    }
  }

  /** @param hidden the method is hidden: a scale that its maps share would tell them from others */
  of(
    values: Float32Array,
    { method, signed }: { method: string; signed: boolean },
    hidden: boolean,
  ): ColourScale {
    const { scale, covered } = this.#stage.options
    const shared =
      scale === 'shared' && !hidden ? this.#scales.find((one) => one.method === method) : undefined
    return shared ? sharedScale(values, signed, { ...shared, covered }) : colourScale(values, signed, covered)
  }
}
