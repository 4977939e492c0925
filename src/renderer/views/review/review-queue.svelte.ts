import type { z } from 'zod'
import type { MapFilter } from '../../../shared/contract/common.ts'
import { QueueRequest, type Place, type Queue } from '../../../shared/contract/queues.ts'
import { type Facets } from '../../../shared/contract/review.ts'
import { settled } from '../../lib/settled.ts'
import type { App } from '../../state/app.svelte.ts'

/** Counts are asked for once changes pause, and now and then while they do not. */
const SETTLE = { pause: 700, most: 3000 }
/** Where the reviewer is, is remembered once they stay for so long. */
const STAY_MS = 400

/** The queue on screen, the request behind it, and the facets of its filter. */
export class ReviewQueue {
  #queue: Queue | null = $state.raw(null)
  #request: QueueRequest = $state.raw(QueueRequest.parse({ filter: {}, order: 'worst_first' }))
  #facets: Facets | null = $state.raw(null)
  /** The filter that the facets belong to, and the one whose facets were asked for. */
  #counted: MapFilter | null = $state.raw(null)
  #asked: MapFilter | null = null
  #busy = $state(false)
  #turn = 0
  #stay: ReturnType<typeof setTimeout> | undefined
  readonly #app: App

  constructor(app: App) {
    this.#app = app
  }

  get current(): Queue | null {
    return this.#queue
  }

  /** What was asked for last: ahead of `current` until the new queue is drawn. */
  get request(): QueueRequest {
    return this.#request
  }

  get facets(): Facets | null {
    return this.#facets
  }

  get busy(): boolean {
    return this.#busy
  }

  /** Who would review the next queue. */
  get reviewer(): string | null {
    return this.#app.workspace.reviewer.trim() || null
  }

  /** Maps that match now and were not there when the queue was drawn. */
  get newMaps(): number {
    if (!this.#queue || !this.#facets || this.#counted !== this.#queue.request.filter) return 0
    return Math.max(0, this.#facets.total - this.#queue.matching)
  }

  /** Where the reviewer was in this queue, or in the one they were in last; null: nowhere yet. */
  place(queueId: number | null = null): Promise<Place | null> {
    const { reviewer } = this.#app.workspace
    return this.#app.client.call('review.place', { reviewer, queueId }).catch(() => null)
  }

  /** Remembers where the reviewer is; one that is lost costs comfort, not work. */
  stayAt(place: Place): void {
    const { reviewer } = this.#app.workspace
    clearTimeout(this.#stay)
    this.#stay = setTimeout(
      () => void this.#app.client.call('review.setPlace', { ...place, reviewer }).catch(() => undefined),
      STAY_MS,
    )
  }

  /** Draws a queue and goes to its address, unless the engine refuses or a later request overtakes it. */
  async draw(
    change: Partial<z.input<typeof QueueRequest>>,
    { replace = false, map = null }: { replace?: boolean; map?: number | null } = {},
  ): Promise<void> {
    const turn = ++this.#turn
    const drawn = QueueRequest.parse({ ...this.#request, reviewer: this.reviewer, ...change })
    const request = { ...drawn, blind: drawn.blind && this.#app.workspace.isLead }
    this.#request = request
    this.#busy = true
    try {
      const queue = await this.#app.client.call('review.createQueue', request)
      if (turn !== this.#turn) return
      this.#take(queue)
      const { view, by, in: drawnIn, groups, seed } = this.#app.router.route.parameters
      if (replace) this.#app.router.replace({ draw: null, queue: queue.id, map })
      else this.#app.router.go('review', { queue: queue.id, view, by, in: drawnIn, groups, seed })
    } catch (error) {
      if (this.#queue) this.#request = this.#queue.request
      this.#app.notices.fail('The queue could not be drawn', error)
    } finally {
      if (turn === this.#turn) this.#busy = false
    }
  }

  /** Shows a queue that was drawn before. @throws what the engine answers, e.g. not_found */
  async open(id: number): Promise<void> {
    if (this.#queue?.id === id) return
    const turn = ++this.#turn
    const queue = await this.#app.client.call('review.queue', { id })
    if (turn !== this.#turn) return
    this.#take(queue)
  }

  /** Asks for the queue on screen again; gives it where maps were taken out of it, else null. */
  async reopen(): Promise<Queue | null> {
    const before = this.#queue
    if (before === null) return null
    const queue = await this.#app.client.call('review.queue', { id: before.id })
    if (queue.length === before.length || this.#queue !== before) return null
    this.#queue = queue
    return queue
  }

  filter(filter: MapFilter): void {
    void this.draw({ filter })
  }

  /** Counts for the queue on screen, unless they are there. Asked after its first rows, which they would hold up. */
  async countOnce(): Promise<void> {
    if (this.#asked !== this.#request.filter) await this.refreshFacets()
  }

  async refreshFacets(quietly = false): Promise<void> {
    const { filter } = this.#request
    this.#asked = filter
    try {
      const facets = await this.#app.client.call('review.facets', { filter })
      if (filter !== this.#request.filter) return
      this.#facets = facets
      this.#counted = filter
    } catch (error) {
      if (!quietly) this.#app.notices.fail('The counts of the filters could not be read', error)
    }
  }

  /** Refreshes the facets after changes. Nobody asked for it, and after a failure the next change does it again. */
  readonly refreshSoon = settled(() => void this.refreshFacets(true), SETTLE)

  #take(queue: Queue): void {
    this.#queue = queue
    this.#request = queue.request
  }
}
