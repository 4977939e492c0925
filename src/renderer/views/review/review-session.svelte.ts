import { createContext } from 'svelte'
import type { VerdictRow } from '../../../shared/contract/review.ts'
import type { FailureMode, Verdict } from '../../../shared/names.ts'
import { plural } from '../../../shared/units.ts'
import { prefetchOrder } from '../../lib/recent.ts'
import { idParameter, type Route } from '../../lib/routing.ts'
import type { App } from '../../state/app.svelte.ts'
import { Draft } from './draft.svelte.ts'
import { Pictures, type Picture } from './pictures.ts'
import { QueueItems } from './queue-items.svelte.ts'
import { ReviewQueue } from './review-queue.svelte.ts'
import { StageView } from './stage-view.svelte.ts'
import { VerdictSaver } from './verdict-saver.svelte.ts'

const AHEAD = 14
const BEHIND = 3

/** Reviewing one queue: where we are, what is on screen, deciding and taking back. */
export class ReviewSession {
  readonly app: App
  readonly queue: ReviewQueue
  readonly pictures: Pictures
  readonly saver: VerdictSaver
  readonly draft = new Draft()
  readonly stage = new StageView()
  #items: QueueItems | null = $state.raw(null)
  #position = $state(0)
  #picture: Picture | null = $state.raw(null)
  #problem: unknown = $state.raw(null)

  constructor(app: App) {
    this.app = app
    this.queue = new ReviewQueue(app)
    this.pictures = new Pictures(app.client)
    this.saver = new VerdictSaver(app.client)
  }

  get items(): QueueItems | null {
    return this.#items
  }

  get position(): number {
    return this.#position
  }

  get length(): number {
    return this.#items?.length ?? 0
  }

  get picture(): Picture | null {
    return this.#picture
  }

  /** Why the map on screen could not be loaded. */
  get problem(): unknown {
    return this.#problem
  }

  /** This reviewer's verdict on the map on screen that counts, null without any. */
  get latest(): VerdictRow | null {
    return this.#latestOf(this.#picture)
  }

  /** Model, method, metric values and others' verdicts are hidden: blind, and not decided yet. */
  get hidden(): boolean {
    return this.stage.options.blind && this.latest === null
  }

  /** Makes the screen show what the address says. */
  async follow(route: Route): Promise<void> {
    const { draw } = route.parameters
    if (draw !== undefined) return this.queue.draw(parseDraw(draw), true)
    const queueId = idParameter(route, 'queue') ?? this.queue.remembered
    if (queueId === null) return this.queue.draw({}, true)
    try {
      await this.queue.open(queueId)
    } catch (error) {
      if (idParameter(route, 'queue') !== null) this.app.notices.fail('This queue is not there', error)
      return this.queue.draw({}, true)
    }
    await this.#show(idParameter(route, 'map'))
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
    if (ready) this.#take(ready)
    this.app.router.replace({ queue: items.queueId, map: row.mapId })
    if (!ready) await this.#load(row.mapId, row.sampleId, to)
    this.#prefetch()
  }

  step(by: number): void {
    void this.go(this.#position + by)
  }

  /** Stores a verdict on the map on screen, and goes on when it is on disk. */
  async decide(verdict: Verdict, modes: readonly FailureMode[] = []): Promise<void> {
    const [items, picture] = [this.#items, this.#picture]
    const row = items?.at(this.#position)
    if (!items || !picture || row?.mapId !== picture.item.mapId) return
    const rows = await this.saver.save({
      mapIds: [row.mapId],
      reviewer: this.app.workspace.reviewer,
      verdict,
      modes: [...modes],
      note: this.draft.note.trim(),
      box: verdict === 'accept' ? null : this.draft.box,
      queueId: items.queueId,
    })
    if (!rows) return
    this.#learn(rows)
    if (this.#position + 1 < items.length) await this.go(this.#position + 1)
    else this.#finish(items)
  }

  /** The key of a failure mode: decides at once, or adds while modes are being chosen. `other` asks for a note. */
  failWith(mode: FailureMode): void {
    if (this.draft.choosing) {
      this.draft.toggle(mode)
      return
    }
    if (mode !== 'other' || this.draft.note.trim() !== '') {
      void this.decide('fail', this.draft.with(mode))
      return
    }
    this.draft.choose()
    this.draft.toggle(mode)
    this.focusNote()
  }

  /** Saves what is chosen: the modes as a fail, or a new note or box on the verdict that is there. */
  commit(): void {
    const { draft, latest } = this
    if (!draft.touched && !draft.choosing) return
    if (draft.modes.length > 0) void this.decide('fail', draft.modes)
    else if (latest && latest.verdict !== 'withdrawn' && latest.verdict !== 'fail')
      void this.decide(latest.verdict)
    else
      this.app.notices.show({ kind: 'info', title: 'Choose at least one failure mode, or accept the map.' })
  }

  cancel(): void {
    this.stage.boxTool = false
    this.draft.reset(this.latest)
  }

  focusNote(): void {
    document.getElementById('review-note')?.focus()
  }

  /** One verdict on many maps; one undo takes all of it back. */
  async decideAll(
    mapIds: readonly number[],
    verdict: Verdict,
    modes: readonly FailureMode[],
  ): Promise<boolean> {
    const rows = await this.saver.save({
      mapIds: [...mapIds],
      reviewer: this.app.workspace.reviewer,
      verdict,
      modes: [...modes],
      queueId: this.#items?.queueId ?? null,
    })
    if (!rows) return false
    this.#learn(rows)
    this.app.notices.show({
      kind: 'success',
      title: `${plural(rows.length, 'map')}: ${verdict}`,
      action: { label: 'Undo', run: () => void this.takeBack('review.undo') },
    })
    return true
  }

  async takeBack(procedure: 'review.undo' | 'review.redo'): Promise<void> {
    const word = procedure === 'review.undo' ? 'undo' : 'redo'
    try {
      const undone = await this.app.client.call(procedure, { reviewer: this.app.workspace.reviewer })
      if (!undone) {
        this.app.notices.show({ kind: 'info', title: `There is nothing to ${word}.` })
        return
      }
      for (const mapId of undone.mapIds) this.pictures.forgetItem(mapId)
      await this.#items?.reload()
      const only = undone.mapIds.length === 1 ? undone.mapIds[0] : undefined
      const position = only === undefined ? -1 : await this.#items?.positionOf(only)
      await this.go(position === undefined || position < 0 ? this.#position : position)
      this.app.notices.show({
        kind: 'info',
        title: `${word === 'undo' ? 'Undone' : 'Redone'}: ${plural(undone.mapIds.length, 'map')}`,
      })
    } catch (error) {
      this.app.notices.fail(`The ${word} failed`, error)
    }
  }

  /** After a change that the engine told of: what is said about maps is asked again. */
  async refresh(): Promise<void> {
    this.pictures.forgetItems()
    this.queue.refreshSoon()
    const row = this.#items?.at(this.#position)
    if (row && !this.draft.touched && !this.draft.choosing)
      await this.#load(row.mapId, row.sampleId, this.#position)
  }

  async #show(mapId: number | null): Promise<void> {
    const queue = this.queue.current
    if (!queue) return
    if (this.#items?.queueId !== queue.id) {
      const items = new QueueItems(this.app.client, queue.id, queue.length, () => this.app.workspace.reviewer)
      if (queue.length > 0) await items.load(0, 1)
      this.#items = items
      this.#picture = null
    } else if (mapId !== null && this.#items.at(this.#position)?.mapId === mapId) return
    const items = this.#items
    const found = mapId === null ? -1 : await items.positionOf(mapId)
    if (mapId !== null && found < 0 && items.length > 0) {
      this.app.notices.show({
        kind: 'info',
        title: 'That map is not part of this queue; here is the next one to decide.',
      })
    }
    await this.go(found >= 0 ? found : items.firstUndecided())
  }

  async #load(mapId: number, sampleId: number, position: number): Promise<void> {
    try {
      const picture = await this.pictures.load(mapId, sampleId)
      if (this.#position === position && this.#items?.at(position)?.mapId === mapId) this.#take(picture)
    } catch (error) {
      if (this.#position === position) this.#problem = error
    }
  }

  #take(picture: Picture): void {
    this.#picture = picture
    this.#problem = null
    this.stage.boxTool = false
    this.draft.reset(this.#latestOf(picture))
  }

  #prefetch(): void {
    const items = this.#items
    if (!items) return
    void items.load(this.#position, this.#position + AHEAD).catch(() => undefined)
    for (const position of prefetchOrder(this.#position, items.length, AHEAD, BEHIND)) {
      const row = items.at(position)
      if (row) this.pictures.prefetch(row.mapId, row.sampleId)
    }
  }

  /** Takes stored verdicts into what is on screen and in the caches. */
  #learn(rows: readonly VerdictRow[]): void {
    const first = rows[0]
    if (!first || first.verdict === 'withdrawn') return
    this.#items?.update(
      rows.map((row) => row.mapId),
      { verdict: first.verdict, modes: first.modes },
    )
    for (const row of rows) this.pictures.forgetItem(row.mapId)
    const [picture, mine] = [this.#picture, rows.find((row) => row.mapId === this.#picture?.item.mapId)]
    if (!picture || !mine) return
    const item = { ...picture.item, history: [...picture.item.history, mine] }
    this.pictures.replaceItem(item)
    this.#take({ ...picture, item })
  }

  #finish(items: QueueItems): void {
    this.app.notices.show({
      kind: 'success',
      title: `That was the last map of this queue; ${items.decided} of ${items.length} are decided.`,
      action: {
        label: 'Draw undecided maps',
        run: () => this.queue.filter({ ...this.queue.request.filter, verdict: ['none'] }),
      },
    })
  }

  #latestOf(picture: Picture | null): VerdictRow | null {
    const { reviewer } = this.app.workspace
    const own = picture?.item.history.filter((row) => row.reviewer === reviewer) ?? []
    const last = own.reduce<VerdictRow | null>(
      (newest, row) => (newest && newest.id > row.id ? newest : row),
      null,
    )
    return last?.verdict === 'withdrawn' ? null : last
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
