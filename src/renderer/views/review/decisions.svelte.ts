import type { CallInput, Output } from '../../../shared/contract/contract.ts'
import { MOST_AT_ONCE } from '../../../shared/contract/verdicts.ts'
import type { FailureMode, Verdict } from '../../../shared/names.ts'
import { formatCount, plural } from '../../../shared/units.ts'
import { countChosen, isChosen, memberOf, type Selection } from '../../lib/selection.ts'
import type { QueueItems } from './queue-items.svelte.ts'
import type { ReviewSession } from './review-session.svelte.ts'

/** What a reviewer decides in a session, and takes back. */
export class Decisions {
  readonly #session: ReviewSession

  constructor(session: ReviewSession) {
    this.#session = session
  }

  /** Stores a verdict on the map on screen, and goes on when it is on disk. */
  async decide(verdict: Verdict, modes: readonly FailureMode[] = []): Promise<void> {
    const { app, items, picture, position, draft, saver } = this.#session
    const row = items?.at(position)
    if (!items || !picture || row?.mapId !== picture.item.mapId) return
    const rows = await saver.save({
      mapIds: [row.mapId],
      reviewer: app.workspace.reviewer,
      verdict,
      modes: [...modes],
      note: draft.note.trim(),
      box: verdict === 'accept' ? null : draft.box,
      queueId: items.queueId,
      blind: this.#session.hidden,
    })
    if (!rows) return
    this.#session.learn(rows)
    if (app.tour.decided(verdict)) {
      app.notices.show({
        kind: 'success',
        title: 'That was your first flag. It is stored under your name; the ? key lists all others.',
      })
    }
    const next = this.#session.position + 1
    if (next < items.length) await this.#session.go(next)
    else await this.#finish(items)
  }

  /** The key of a failure mode: decides at once, or adds while modes are being chosen. `other` asks for a note. */
  failWith(mode: FailureMode): void {
    const { draft } = this.#session
    if (draft.choosing) {
      draft.toggle(mode)
      return
    }
    if (mode !== 'other' || draft.note.trim() !== '') {
      void this.decide('fail', draft.with(mode))
      return
    }
    draft.choose()
    draft.toggle(mode)
    this.#session.focusNote()
  }

  /** Saves what is chosen: the modes as a fail, or a new note or box on the verdict that is there. */
  commit(): void {
    const { app, draft, latest } = this.#session
    if (!draft.touched && !draft.choosing) return
    if (draft.modes.length > 0) void this.decide('fail', draft.modes)
    else if (latest && latest.verdict !== 'withdrawn' && latest.verdict !== 'fail')
      void this.decide(latest.verdict)
    else app.notices.show({ kind: 'info', title: 'Choose at least one failure mode, or accept the map.' })
  }

  /** One verdict on all chosen maps of the queue, however many are loaded; one undo takes all of it back. */
  async decideSelected(
    selection: Selection,
    verdict: Verdict,
    modes: readonly FailureMode[],
  ): Promise<boolean> {
    const { app, items, saver } = this.#session
    const count = countChosen(selection)
    if (!items || count === 0) return false
    if (count > MOST_AT_ONCE) {
      app.notices.show({ kind: 'info', title: tooMany(count) })
      return false
    }
    const { queueId, length } = items
    const stored = await saver.saveSelection({
      ...{ queueId, length, reviewer: app.workspace.reviewer, verdict, modes: [...modes] },
      ranges: selection.ranges.map(([first, last]) => [first, last]),
      blind: this.#session.blind,
    })
    if (!stored) return false
    this.#session.outdate(({ position }) => isChosen(selection, position))
    this.#tell(stored.count, verdict)
    return true
  }

  /** One verdict on the undecided maps of a group; one undo takes all of it back. */
  async decideGroup(input: Omit<CallInput<'groups.decide'>, 'reviewer' | 'blind'>): Promise<boolean> {
    const { app, saver } = this.#session
    const { reviewer } = app.workspace
    const rows = await saver.saveGroup({ ...input, reviewer, blind: this.#session.blind })
    if (!rows) return false
    this.#session.learn(rows)
    this.#tell(rows.length, input.verdict)
    return true
  }

  #tell(count: number, verdict: Verdict): void {
    this.#session.app.notices.show({
      kind: 'success',
      title: `${plural(count, 'map')}: ${verdict}`,
      action: { label: 'Undo', run: () => void this.takeBack('review.undo') },
    })
  }

  async takeBack(procedure: 'review.undo' | 'review.redo'): Promise<void> {
    const { app, pictures, items } = this.#session
    const word = procedure === 'review.undo' ? 'undo' : 'redo'
    try {
      const undone = await app.client.call(procedure, { reviewer: app.workspace.reviewer })
      if (!undone) {
        app.notices.show({ kind: 'info', title: `There is nothing to ${word}.` })
        return
      }
      for (const mapId of undone.mapIds) pictures.forgetItem(mapId)
      const isUndone = memberOf(undone.mapIds)
      items?.outdate(({ mapId }) => isUndone(mapId))
      const only = undone.mapIds.length === 1 ? undone.mapIds[0] : undefined
      const found = only === undefined ? -1 : ((await items?.positionOf(only)) ?? -1)
      const shown = found < 0 ? this.#session.position : found
      await items?.load(shown, shown + 1)
      // Several maps: whoever moved on meanwhile is not taken back.
      await this.#session.go(found < 0 ? this.#session.position : found)
      app.notices.show({
        kind: 'info',
        title: `${word === 'undo' ? 'Undone' : 'Redone'}: ${plural(undone.mapIds.length, 'map')}`,
      })
    } catch (error) {
      app.notices.fail(`The ${word} failed`, error)
    }
  }

  async #finish(items: QueueItems): Promise<void> {
    const { app, queue } = this.#session
    app.notices.show({
      kind: 'success',
      title: `That was the last map of this queue; ${items.decided} of ${items.length} are decided.${await this.#tested(items)}`,
      action: {
        label: 'Draw undecided maps',
        run: () => queue.filter({ ...queue.request.filter, verdict: ['none'] }),
      },
    })
  }

  /** How often the reviewer agreed with themselves, and with known answers, on the maps that tested it; '' without any. */
  async #tested({ queueId }: QueueItems): Promise<string> {
    const { app } = this.#session
    const tests = await app.client
      .call('review.tests', { queueId, reviewer: app.workspace.reviewer })
      .catch(() => null)
    return testsSentence(tests)
  }
}

/** What the bar and the keys say where too many maps are chosen. */
export function tooMany(count: number): string {
  return `${plural(count, 'map')} are too many for one verdict, which goes to at most ${formatCount(MOST_AT_ONCE)}. Select fewer, or narrow the queue down.`
}

function testsSentence(tests: Output<'review.tests'> | null): string {
  const parts = [
    [tests?.repeats, 'you had decided before; your verdict was the same on'],
    [tests?.known, 'had a known answer; you gave it on'],
  ] as const
  return parts
    .flatMap(([sameness, said]) =>
      sameness && sameness.decided > 0
        ? [` ${plural(sameness.decided, 'map')} ${said} ${sameness.same}.`]
        : [],
    )
    .join('')
}
