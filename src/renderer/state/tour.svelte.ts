import { z } from 'zod'
import type { Verdict } from '../../shared/names.ts'
import { recall, remember } from '../lib/storage.ts'

export interface TourStep {
  /** The element that the step is about: its `data-tour`. */
  anchor: string
  title: string
  /** Beside which of these elements the words stand; absent: the anchor. */
  beside?: string
  /** With the ids of actions in braces, for which their keys stand. */
  text: string
}

export const TOUR_STEPS: readonly TourStep[] = [
  {
    anchor: 'heatmap',
    title: 'Where the network looked',
    text: 'The network had to name what most of these items show. What is bright spoke for it, what is blue against it. {review.cycleView} shows heatmap, both, or the items alone.',
  },
  {
    anchor: 'shares',
    title: 'How much each item got',
    text: 'A star marks the majority items. A good heatmap gives each of them its share of the relevance, and little to the odd one.',
  },
  {
    anchor: 'metrics',
    title: 'What the metrics say',
    text: 'Beside each value stands what a map without any knowledge gets. The small i beside a name explains it. You are here to say where the metrics are wrong.',
  },
  {
    anchor: 'queue',
    title: 'Which heatmaps come next',
    text: 'Worst first, and a fifth at random so that your verdicts stay fair. Filters, groups and the grid help with many at once.',
  },
  {
    anchor: 'verdict',
    beside: 'shares',
    title: 'Now flag one yourself',
    text: '{review.accept} accepts a good heatmap. Does one majority item have nearly everything? Press {review.mode1}. The other failures have keys too, and {review.undo} takes a verdict back. The tour ends with your flag.',
  },
]

const STORED = 'heatproof.tour'

/** The way through Review at the first run: shown once, until it is done or skipped, and again when it is asked for. */
export class Tour {
  #step: number | null = $state(null)
  #isOver = $state(recall(STORED, z.literal('over').nullable(), null) === 'over')

  /** Index of the step on screen, null while there is no tour. */
  get step(): number | null {
    return this.#step
  }

  /** It was never done or skipped in this browser. */
  get isNew(): boolean {
    return !this.#isOver
  }

  start(): void {
    this.#step = 0
  }

  go(by: 1 | -1): void {
    if (this.#step === null) return
    this.#step = Math.min(TOUR_STEPS.length - 1, Math.max(0, this.#step + by))
  }

  end(): void {
    this.#step = null
    this.#isOver = true
    remember(STORED, 'over')
  }

  /** Tells the tour of a verdict that was stored; answers whether that has ended it. */
  decided(verdict: Verdict): boolean {
    if (verdict !== 'fail' || this.#step !== TOUR_STEPS.length - 1) return false
    this.end()
    return true
  }
}
