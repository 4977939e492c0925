import { createContext } from 'svelte'
import type { Queue, QueueItem } from '../../../shared/contract/queues.ts'
import type { VerdictRow } from '../../../shared/contract/verdicts.ts'
import { idParameter, type Route } from '../../lib/routing.ts'
import { memberOf } from '../../lib/selection.ts'
import type { App } from '../../state/app.svelte.ts'
import { Decisions } from './decisions.svelte.ts'
import { Draft } from './draft.svelte.ts'
import { FoldedFacets } from './folded-facets.svelte.ts'
import { NearbyPictures } from './nearby-pictures.ts'
import { Pictures, type Picture } from './pictures.ts'
import { QueueItems } from './queue-items.svelte.ts'
import { ReviewQueue } from './review-queue.svelte.ts'
import { SharedScales } from './shared-scales.svelte.ts'
import { ShownMap } from './shown-map.svelte.ts'
import { StageView } from './stage-view.svelte.ts'
import type { VerdictSaver } from '../../state/verdict-saver.svelte.ts'

/** Reviewing one queue: where we are and what is on screen. */
export class ReviewSession {
  readonly app: App
  readonly queue: ReviewQueue
  readonly pictures: Pictures
  readonly saver: VerdictSaver
  readonly draft = new Draft()
  readonly folded = new FoldedFacets()
  readonly stage = new StageView()
  readonly scales: SharedScales
  readonly decisions = new Decisions(this)
  #items: QueueItems | null = $state.raw(null)
  #position = $state(0)
  readonly #shown: ShownMap
  readonly #nearby: NearbyPictures

  constructor(app: App) {
    this.app = app
    this.queue = new ReviewQueue(app)
    this.pictures = new Pictures(app.client, () => this.asked)
    this.saver = app.saver
    this.#shown = new ShownMap(this)
    this.#nearby = new NearbyPictures(this.pictures)
    this.scales = new SharedScales(app, this.stage)
  }

  get items(): QueueItems | null {
    return this.#items
  }

  /** Whose eyes see the maps now, and in which queue. */
  get asked(): { queueId: number; reviewer: string } | undefined {
    const queueId = this.#items?.queueId
    return queueId === undefined ? undefined : { queueId, reviewer: this.app.workspace.reviewer }
  }

  get position(): number {
    return this.#position
  }

  get length(): number {
    return this.#items?.length ?? 0
  }

  get picture(): Picture | null {
    return this.#shown.picture
  }

  /** Why the map on screen could not be loaded. */
  get problem(): unknown {
    return this.#shown.problem
  }

  /** This reviewer's verdict on the map on screen that counts, null without any. */
  get latest(): VerdictRow | null {
    return this.#shown.latest
  }

  /** The queue is blind for whoever reviews here, and cannot be made otherwise. */
  get mustBeBlind(): boolean {
    return (this.queue.current?.request.blind ?? false) && !this.app.workspace.isLead
  }

  get blind(): boolean {
    return this.mustBeBlind || this.stage.options.blind
  }

  toggleBlind(): void {
    if (!this.mustBeBlind) this.stage.change({ blind: !this.stage.options.blind })
  }

  /**
   * Model, method, metric values, shares and others' verdicts are hidden: blind or withheld, and never decided yet. A verdict that
   * was taken back had uncovered them, so that the next one is not blind.
   */
  get hidden(): boolean {
    const { reviewer } = this.app.workspace
    const item = this.picture?.item
    return item?.withheld === true || (this.blind && !item?.history.some((row) => row.reviewer === reviewer))
  }

  /** The same of a row of the queue. */
  hides({ withheld, verdict }: QueueItem): boolean {
    return withheld || (this.blind && verdict === null)
  }

  /** Makes the screen show what the address says. */
  async follow(route: Route): Promise<void> {
    const { draw } = route.parameters
    if (draw !== undefined)
      return this.queue.draw(parseDraw(draw), { replace: true, map: idParameter(route, 'map') })
    const queueId = idParameter(route, 'queue') ?? (await this.queue.place())?.queueId ?? null
    if (queueId === null) return this.queue.draw({}, { replace: true })
    try {
      await this.queue.open(queueId)
    } catch (error) {
      if (idParameter(route, 'queue') !== null) this.app.notices.fail('This queue is not there', error)
      return this.queue.draw({}, { replace: true })
    }
    await this.#show(idParameter(route, 'map')).catch((error: unknown) => {
      this.app.notices.fail('This queue could not be read', error)
    })
    if (this.picture !== null || this.problem !== null || this.length === 0) void this.queue.countOnce()
  }

  /** Goes to a position of the queue; the address follows. */
  async go(position: number): Promise<void> {
    const items = this.#items
    if (!items || items.length === 0) return
    const to = Math.min(items.length - 1, Math.max(0, position))
    this.#position = to
    if (!items.at(to)) await items.load(to, to + 1)
    const row = items.at(to)
    if (!row || this.#position !== to) return
    const ready = this.pictures.peek(row.mapId, row.sampleId)
    if (ready) this.#shown.take(ready)
    this.app.router.replace({ queue: items.queueId, map: row.mapId })
    this.queue.stayAt({ queueId: items.queueId, position: to })
    if (!ready) await this.#load(row.mapId, row.sampleId, to)
    this.#nearby.prefetch(() => ({ items: this.#items, position: this.#position }))
  }

  step(by: number): void {
    void this.go(this.#position + by)
  }

  cancel(): void {
    this.#shown.startOver()
  }

  /** Shows all maps of the sequence on screen side by side; while a map is blind, that would tell what is hidden. */
  compare(): void {
    const item = this.picture?.item
    if (!item) return
    if (this.hidden) {
      this.app.notices.show({
        kind: 'info',
        title: 'Compare names models and methods: decide first, or leave blind (X).',
      })
      return
    }
    this.app.router.go('compare', {
      sequence: item.sampleId,
      metric: this.queue.request.metric,
      queue: this.#items?.queueId,
    })
  }

  focusNote(): void {
    document.getElementById('review-note')?.focus()
  }

  /** Somebody else reviews here now: at their own place where they have one, else at this map. */
  async changeReviewer(): Promise<void> {
    const place = await this.queue.place()
    this.#items = null
    if (place === null) await this.#show(this.picture?.item.mapId ?? null)
    else this.app.router.go('review', { queue: place.queueId, view: this.app.router.route.parameters.view })
  }

  /** After a change that the engine told of: what is said about maps is asked again; with `rows` that of the queue too. */
  async refresh({ rows }: { rows: boolean }): Promise<void> {
    this.pictures.forgetItems()
    if (rows) this.#items?.outdate(() => true)
    this.queue.refreshSoon()
    const row = this.#items?.at(this.#position)
    if (row && !this.draft.touched && !this.draft.choosing)
      await this.#load(row.mapId, row.sampleId, this.#position)
  }

  /** After maps were taken out of queues: the map on screen stays where it is still in this one, with what is drafted. */
  async reopen(changed: { rows: boolean }): Promise<void> {
    try {
      const queue = await this.queue.reopen()
      if (queue === null) {
        await this.refresh(changed)
        return
      }
      const mapId = this.#items?.at(this.#position)?.mapId ?? null
      const items = this.#itemsOf(queue)
      const found = mapId === null ? -1 : await items.positionOf(mapId)
      if (this.queue.current !== queue) return
      this.#items = items
      this.pictures.forgetItems()
      this.queue.refreshSoon()
      if (found >= 0) this.#position = found
      else await this.go(items.undecidedFrom(Math.min(this.#position, items.length - 1)))
    } catch (error) {
      this.app.notices.fail('This queue could not be read', error)
    }
  }

  #itemsOf({ id, length }: Queue): QueueItems {
    return new QueueItems(this.app.client, id, length, () => this.app.workspace.reviewer)
  }

  async #show(mapId: number | null): Promise<void> {
    const queue = this.queue.current
    if (!queue) return
    if (this.#items?.queueId !== queue.id) await this.#begin(queue)
    else if (mapId !== null && this.#items.at(this.#position)?.mapId === mapId) return
    const items = this.#items
    if (items?.queueId !== queue.id) return
    const found = mapId === null ? -1 : await items.positionOf(mapId)
    if (mapId !== null && found < 0 && items.length > 0) {
      this.app.notices.show({
        kind: 'info',
        title: 'That map is not part of this queue; here is the next one to decide.',
      })
    }
    await this.go(found >= 0 ? found : items.undecidedFrom(this.#position))
  }

  /** Takes the rows of another queue in, at the place where the reviewer was in it. */
  async #begin(queue: Queue): Promise<void> {
    const items = this.#itemsOf(queue)
    const [place] = await Promise.all([this.queue.place(queue.id), items.load(0, 1)])
    const position = place?.position ?? 0
    await items.load(position, position + 1)
    this.#items = items
    this.#position = position
    this.pictures.forgetItems()
    this.#shown.clear()
  }

  async #load(mapId: number, sampleId: number, position: number): Promise<void> {
    try {
      const picture = await this.pictures.load(mapId, sampleId)
      if (this.#position === position && this.#items?.at(position)?.mapId === mapId) this.#shown.take(picture)
    } catch (error) {
      if (this.#position === position) this.#shown.fail(error)
    }
  }

  /** Takes stored verdicts into what is on screen and in the caches. */
  learn(rows: readonly VerdictRow[]): void {
    const first = rows[0]
    if (!first || first.verdict === 'withdrawn') return
    this.#items?.update(
      rows.map((row) => row.mapId),
      { verdict: first.verdict, modes: first.modes },
    )
    for (const row of rows) this.pictures.forgetItem(row.mapId)
    const picture = this.picture
    const mine = rows.find((row) => row.mapId === picture?.item.mapId)
    if (!picture || !mine) return
    const item = { ...picture.item, history: [...picture.item.history, mine] }
    this.#shown.take({ ...picture, item })
    if (!item.withheld) return
    void this.#load(item.mapId, item.sampleId, this.#position)
    const isDecided = memberOf(rows.map(({ mapId }) => mapId))
    this.#items?.outdate((row) => isDecided(row.mapId))
  }

  /** Asks again for these rows and for the map on screen, whose verdicts have changed. */
  outdate(isOutdated: (row: QueueItem) => boolean): void {
    this.pictures.forgetItems()
    this.#items?.outdate(isOutdated)
    const row = this.#items?.at(this.#position)
    if (row) void this.#load(row.mapId, row.sampleId, this.#position)
  }
}

function parseDraw(text: string): Parameters<ReviewQueue['draw']>[0] {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null ? parsed : {}
  } catch {
    return {}
  }
}

export const [getSession, setSession] = createContext<ReviewSession>()
