import type { QueueItem } from '../../../shared/contract/queues.ts'
import type { EngineClient } from '../../lib/client.ts'
import { latestOnly } from '../../lib/latest.ts'
import { Recent } from '../../lib/recent.ts'
import { memberOf } from '../../lib/selection.ts'

const PAGE = 200

const pageOf = (position: number) => Math.floor(position / PAGE)

/** The rows of one queue, loaded page by page as they come into sight, and how many of it the reviewer has decided. */
export class QueueItems {
  readonly queueId: number
  readonly length: number
  readonly #client: EngineClient
  readonly #reviewer: () => string
  readonly #pages: Recent<number, undefined>
  /** Rows of the pages that are loaded, by page. */
  readonly #loaded: (QueueItem[] | undefined)[] = []
  /** Counts the pages that arrived, so that readers of `at` see them. */
  #version = $state(0)
  #decided = $state(0)
  /** Counts the verdicts, so that an answer that may lack one of them is asked for again. */
  #verdicts = 0
  #sight = { start: 0, end: 0 }
  readonly #loadSight = latestOnly(() => this.load(this.#sight.start, this.#sight.end))

  constructor(client: EngineClient, queueId: number, length: number, reviewer: () => string) {
    this.#client = client
    this.queueId = queueId
    this.length = length
    this.#reviewer = reviewer
    this.#pages = new Recent(Infinity, (page) => this.#fetch(page))
    void this.#count()
  }

  /** The row at a position, undefined while it is not loaded. */
  at(position: number): QueueItem | undefined {
    return this.#version >= 0 ? this.#loaded[pageOf(position)]?.[position % PAGE] : undefined
  }

  /** How many maps of the queue this reviewer has decided. */
  get decided(): number {
    return this.#decided
  }

  /** Loads the pages that hold these positions; `end` is not included. */
  async load(start: number, end: number): Promise<void> {
    const pages: Promise<undefined>[] = []
    const last = Math.min(end, this.length) - 1
    for (let page = pageOf(Math.max(0, start)); page <= pageOf(last); page++)
      pages.push(this.#pages.get(page))
    await Promise.all(pages)
  }

  /** Says which positions are on screen: they are loaded, and again when they are outdated. What was passed by is not. */
  show(start: number, end: number): void {
    this.#sight = { start, end }
    this.#loadSight(undefined)
  }

  /** The position of a map, or -1: the engine knows those that are not loaded. */
  async positionOf(mapId: number): Promise<number> {
    const loaded = this.#rows().find((row) => row.mapId === mapId)
    if (loaded !== undefined) return loaded.position
    const { position } = await this.#client.call('review.position', { queueId: this.queueId, mapId })
    return position ?? -1
  }

  /** The first loaded position from `start` on that the reviewer has not decided, else the first of all, else `start`. */
  undecidedFrom(start: number): number {
    let [next, first] = [Infinity, Infinity]
    for (const { position, verdict } of this.#rows()) {
      if (verdict !== null) continue
      first = Math.min(first, position)
      if (position >= start) next = Math.min(next, position)
    }
    return [next, first, start].find(Number.isFinite) ?? start
  }

  /** Changes the loaded rows of these maps after a verdict. */
  update(mapIds: readonly number[], change: Partial<QueueItem>): void {
    const isWanted = memberOf(mapIds)
    this.#verdicts++
    for (const row of this.#rows()) {
      if (!isWanted(row.mapId)) continue
      const changed = { ...row, ...change }
      this.#decided += Number(changed.verdict !== null) - Number(row.verdict !== null)
      this.#loaded[pageOf(row.position)]?.splice(row.position % PAGE, 1, changed)
    }
    this.#version++
  }

  /** What is loaded of these rows has changed: asks again for what is on screen, and for the rest when it is shown. */
  outdate(isOutdated: (row: QueueItem) => boolean): void {
    for (const row of this.#rows()) if (isOutdated(row)) this.#pages.forget(pageOf(row.position))
    this.#loadSight(undefined)
    void this.#count()
  }

  #rows(): QueueItem[] {
    return this.#loaded.flatMap((rows) => rows ?? [])
  }

  async #fetch(page: number): Promise<undefined> {
    const rows = await this.#client.call('review.items', {
      queueId: this.queueId,
      reviewer: this.#reviewer(),
      offset: page * PAGE,
      limit: PAGE,
    })
    const loaded: QueueItem[] = []
    for (const row of rows) loaded[row.position % PAGE] = row
    this.#loaded[page] = loaded
    this.#version++
  }

  /** One that is lost costs comfort, not work. */
  async #count(): Promise<void> {
    try {
      const verdicts = this.#verdicts
      const asked = { queueId: this.queueId, reviewer: this.#reviewer() }
      const { decided } = await this.#client.call('review.decided', asked)
      if (verdicts === this.#verdicts) this.#decided = decided
      else await this.#count()
    } catch {
      return
    }
  }
}
