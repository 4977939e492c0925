import { KEY_ACTIONS, type KeyActionId } from '../../../shared/keys.ts'
import { FAILURE_MODES, type FailureMode, type Verdict } from '../../../shared/names.ts'
import type { Command } from '../../state/commands.svelte.ts'

function command(key: KeyActionId, about: string, run: () => void): Command {
  return { id: `groups.${key}`, title: `${KEY_ACTIONS[key].title} (${about})`, group: 'Groups', key, run }
}

interface ListAccess {
  move: (by: number) => void
  focus: (index: number) => void
  count: () => number
}

/** The keys of Review among the groups of a queue. */
export function groupListCommands({ move, focus, count }: ListAccess): Command[] {
  return [
    command('review.previous', 'group', () => move(-1)),
    command('review.next', 'group', () => move(1)),
    command('review.first', 'group', () => focus(0)),
    command('review.last', 'group', () => focus(count() - 1)),
  ]
}

interface GroupAccess {
  decide: (verdict: Verdict, modes: readonly FailureMode[]) => void
  /** To the map that is so many places on; far beyond the end it stays at the end. */
  move: (by: number) => void
  takeOut: () => void
  more: () => void
  leave: () => void
}

/** The keys of Review in one group: verdicts go to all of its undecided maps. */
export function groupCommands(group: GroupAccess): Command[] {
  const about = 'group'
  return [
    command('review.accept', about, () => group.decide('accept', [])),
    command('review.unsure', about, () => group.decide('unsure', [])),
    ...FAILURE_MODES.slice(0, 8).map((mode, index) =>
      command(`review.mode${(index + 1) as 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}`, about, () =>
        group.decide('fail', [mode]),
      ),
    ),
    command('review.takeOut', about, group.takeOut),
    command('review.more', about, group.more),
    command('review.cancel', 'back to the groups', group.leave),
    command('review.previous', about, () => group.move(-1)),
    command('review.next', about, () => group.move(1)),
    command('review.first', about, () => group.move(-Infinity)),
    command('review.last', about, () => group.move(Infinity)),
  ]
}
