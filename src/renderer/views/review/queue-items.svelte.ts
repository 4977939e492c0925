import type { QueueItem } from '../../../shared/contract/review.ts'
import type { EngineClient } from '../../lib/client.ts'
import { Recent } from '../../lib/recent.ts'
import { memberOf } from '../../lib/selection.ts'

const PAGE = 200

/** The rows of one queue, loaded page by page as they come into sight. */
export class QueueItems {
  readonly queueId: number
  readonly length: number
  readonly #client: EngineClient
  readonly #reviewer: () => string
  readonly #pages: Recent<number, undefined>
  readonly #rows: (QueueItem | undefined)[]
  /** Counts the pages that arrived, so that readers of `at` see them. */
  #version = $state(0)

  constructor(client: EngineClient, queueId: number, length: number, reviewer: () => string) {
    this.#client = client
    this.queueId = queueId
    this.length = length
    this.#reviewer = reviewer
    this.#pages = new Recent(Infinity, (page) => this.#fetch(page))
    this.#rows = new Array<QueueItem | undefined>(length)
  }

  /** The row at a position, undefined while it is not loaded. */
  at(position: number): QueueItem | undefined {
    return this.#version >= 0 ? this.#rows[position] : undefined
  }

  /** How many of the loaded rows this reviewer has decided. */
  get decided(): number {
    if (this.#version < 0) return 0
    return this.#rows.reduce((count, row) => count + (row?.verdict ? 1 : 0), 0)
  }

  /** Loads the pages that hold these positions; `end` is not included. */
  async load(start: number, end: number): Promise<void> {
    const pages: Promise<undefined>[] = []
    const last = Math.min(end, this.length) - 1
    for (let page = Math.floor(Math.max(0, start) / PAGE); page <= Math.floor(last / PAGE); page++) {
      pages.push(this.#pages.get(page))
    }
    await Promise.all(pages)
  }

  /** The position of a map, or -1: the engine knows those that are not loaded. */
  async positionOf(mapId: number): Promise<number> {
    const loaded = this.#rows.findIndex((row) => row?.mapId === mapId)
    if (loaded >= 0) return loaded
    const { position } = await this.#client.call('review.position', { queueId: this.queueId, mapId })
    return position ?? -1
  }

  /** The first loaded position from `start` on that the reviewer has not decided, else the first of all, else `start`. */
  undecidedFrom(start: number): number {
    const next = this.#rows.findIndex((row, position) => position >= start && row?.verdict === null)
    const first = next >= 0 ? next : this.#rows.findIndex((row) => row?.verdict === null)
    return first >= 0 ? first : start
  }

  /** Changes the loaded rows of these maps. */
  update(mapIds: readonly number[], change: Partial<QueueItem>): void {
    const isWanted = memberOf(mapIds)
    for (const [position, row] of this.#rows.entries()) {
      if (row && isWanted(row.mapId)) this.#rows[position] = { ...row, ...change }
    }
    this.#version++
  }

  /** Asks again for the loaded pages that hold these maps. */
  async refresh(mapIds: readonly number[]): Promise<void> {
    const isWanted = memberOf(mapIds)
    const pages = Array.from({ length: Math.ceil(this.length / PAGE) }, (_, page) => page).filter((page) =>
      this.#rows.slice(page * PAGE, (page + 1) * PAGE).some((row) => row && isWanted(row.mapId)),
    )
    for (const page of pages) this.#pages.forget(page)
    await Promise.all(pages.map((page) => this.#pages.get(page)))
  }

  async #fetch(page: number): Promise<undefined> {
    const rows = await this.#client.call('review.items', {
      queueId: this.queueId,
      reviewer: this.#reviewer(),
      offset: page * PAGE,
      limit: PAGE,
    })
    for (const row of rows) this.#rows[row.position] = row
    this.#version++
  }
}
