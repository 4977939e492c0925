import type { QueueItem } from '../../../shared/contract/queues.ts'
import { prefetchOrder } from '../../lib/recent.ts'
import type { Pictures } from './pictures.ts'
import type { QueueItems } from './queue-items.svelte.ts'

const AHEAD = 14
/** Pictures ahead are loaded together, once so many are missing or one that is so near. */
const TOGETHER = 6
const BEHIND = 3
/** What was just left is loaded again, with the new verdict, once the reviewer stays for so long. */
const STAY_MS = 500

/** Loads the pictures around a place in a queue before they are asked for. */
export class NearbyPictures {
  readonly #pictures: Pictures
  #stay: ReturnType<typeof setTimeout> | undefined

  constructor(pictures: Pictures) {
    this.#pictures = pictures
  }

  /** @param here where the reviewer is by now, read again once they have stayed */
  prefetch(here: () => { items: QueueItems | null; position: number }): void {
    const { items, position } = here()
    if (!items) return
    void items.load(position, position + AHEAD).catch(() => undefined)
    const missing = this.#missing(items, position, { ahead: AHEAD, behind: 0 })
    const isNear = missing.some((row) => row.position < position + TOGETHER)
    if (isNear || missing.length >= TOGETHER) this.#pictures.prefetch(missing)
    clearTimeout(this.#stay)
    this.#stay = setTimeout(() => {
      const then = here()
      if (then.items)
        this.#pictures.prefetch(this.#missing(then.items, then.position, { ahead: AHEAD, behind: BEHIND }))
    }, STAY_MS)
  }

  /** Rows around this one whose pictures nobody has asked for yet. */
  #missing(
    items: QueueItems,
    from: number,
    { ahead, behind }: { ahead: number; behind: number },
  ): QueueItem[] {
    return prefetchOrder(from, items.length, ahead, behind)
      .flatMap((position) => items.at(position) ?? [])
      .filter(({ mapId }) => !this.#pictures.isAsked(mapId))
  }
}
