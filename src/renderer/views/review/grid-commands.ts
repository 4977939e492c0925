import { KEY_ACTIONS, type KeyActionId } from '../../../shared/keys.ts'
import { FAILURE_MODES, type FailureMode, type Verdict } from '../../../shared/names.ts'
import { everything, NOTHING, type Selection } from '../../lib/selection.ts'
import type { Command } from '../../state/commands.svelte.ts'
import type { ReviewSession } from './review-session.svelte.ts'

interface GridAccess {
  selected: () => Selection
  select: (selection: Selection) => void
  move: (by: number, far: boolean) => void
}

/** The keys of Review as they work on the grid: verdicts go to everything that is chosen. */
export function gridCommands(session: ReviewSession, grid: GridAccess): Command[] {
  const some = () => grid.selected().ranges.length > 0
  const command = (key: KeyActionId, run: () => void, enabled?: () => boolean): Command => ({
    id: `grid.${key}`,
    title: `${KEY_ACTIONS[key].title} (selection)`,
    group: 'Grid',
    key,
    run,
    ...(enabled ? { enabled } : {}),
  })
  const decide = (verdict: Verdict, modes: readonly FailureMode[] = []) => {
    void session.decisions
      .decideSelected(grid.selected(), verdict, modes)
      .then((saved) => saved && grid.select(NOTHING))
  }
  return [
    command('review.accept', () => decide('accept'), some),
    command('review.unsure', () => decide('unsure'), some),
    ...FAILURE_MODES.slice(0, 8).map((mode, index) =>
      command(
        `review.mode${(index + 1) as 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}`,
        () => decide('fail', [mode]),
        some,
      ),
    ),
    command('review.selectAll', () => grid.select(everything(session.length))),
    command('review.cancel', () => grid.select(NOTHING), some),
    command('review.previous', () => grid.move(-1, false)),
    command('review.next', () => grid.move(1, false)),
    command('review.first', () => grid.move(-session.length, true)),
    command('review.last', () => grid.move(session.length, true)),
  ]
}
