import { KEY_ACTIONS, type KeyActionId } from '../../../shared/keys.ts'
import { FAILURE_MODES } from '../../../shared/names.ts'
import type { Command } from '../../state/commands.svelte.ts'
import type { ReviewSession } from './review-session.svelte.ts'

function keyed(key: KeyActionId, run: () => void, enabled?: () => boolean): Command {
  const { title } = KEY_ACTIONS[key]
  return { id: key, title, group: 'Review', key, run, ...(enabled ? { enabled } : {}) }
}

function modeCommands(session: ReviewSession, single: () => boolean): Command[] {
  return FAILURE_MODES.flatMap((mode, index) => {
    const number = (index + 1) as 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9
    return [
      keyed(`review.mode${number}`, () => session.decisions.failWith(mode), single),
      keyed(`review.addMode${number}`, () => session.draft.toggle(mode), single),
    ]
  })
}

/** What can be done in Review, one row an action of shared/keys.ts. The grid brings its own for bulk verdicts. */
export function reviewCommands(session: ReviewSession): Command[] {
  const { app, stage, draft } = session
  const single = () => app.router.route.parameters.view === undefined && session.picture !== null
  return [
    keyed('review.accept', () => void session.decisions.decide('accept'), single),
    keyed('review.fail', () => draft.choose(), single),
    keyed('review.unsure', () => void session.decisions.decide('unsure'), single),
    ...modeCommands(session, single),
    keyed('review.commit', () => session.decisions.commit(), single),
    keyed('review.note', () => session.focusNote(), single),
    keyed('review.box', () => (stage.boxTool = !stage.boxTool), single),
    keyed('review.previous', () => session.step(-1), single),
    keyed('review.next', () => session.step(1), single),
    keyed('review.first', () => void session.go(0), single),
    keyed('review.last', () => void session.go(session.length - 1), single),
    keyed('review.cycleView', () => stage.cycle(), single),
    keyed('review.holdInput', () => stage.hold(true), single),
    keyed('review.grid', () => toggleView(session, 'grid')),
    keyed('review.groups', () => toggleView(session, 'groups')),
    keyed('review.compare', () => session.compare(), single),
    keyed('review.steps', () => stage.change({ steps: !stage.options.steps }), single),
    keyed('review.scale', () => stage.change({ scale: stage.options.scale === 'own' ? 'shared' : 'own' })),
    keyed('review.blind', () => session.toggleBlind()),
    keyed('review.search', () => document.getElementById('review-search')?.focus()),
    keyed('review.undo', () => void session.decisions.takeBack('review.undo')),
    keyed('review.redo', () => void session.decisions.takeBack('review.redo')),
    keyed('review.cancel', () => session.cancel(), single),
    {
      id: 'review.drawAgain',
      title: 'Draw a new queue with these filters',
      group: 'Review',
      run: () => void session.queue.draw({ seed: session.queue.request.seed + 1 }),
    },
    {
      id: 'review.drawUnreviewed',
      title: 'Draw a queue of maps that nobody has reviewed',
      group: 'Review',
      run: () => session.queue.filter({ ...session.queue.request.filter, verdict: ['none'] }),
    },
    { id: 'review.clear', title: 'Clear all filters', group: 'Review', run: () => session.queue.filter({}) },
  ]
}

/** Between one large map and the grid, or the groups; the address keeps which. */
export function toggleView(session: ReviewSession, view: 'grid' | 'groups'): void {
  const { parameters } = session.app.router.route
  session.app.router.go('review', {
    ...parameters,
    group: null,
    view: parameters.view === view ? null : view,
  })
}
