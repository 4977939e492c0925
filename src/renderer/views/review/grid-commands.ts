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

/** Stores one verdict on all chosen maps and drops the selection when it is on disk. */
export async function decideSelected(
  session: ReviewSession,
  selection: Selection,
  verdict: Verdict,
  modes: readonly FailureMode[],
): Promise<boolean> {
  const { items } = session
  const positions = [...selection.chosen].sort((left, right) => left - right)
  const [first, last] = [positions[0], positions.at(-1)]
  if (!items || first === undefined || last === undefined) return false
  await items.load(first, last + 1)
  const mapIds = positions.flatMap((position) => items.at(position)?.mapId ?? [])
  return session.decisions.decideAll(mapIds, verdict, modes)
}

/** The keys of Review as they work on the grid: verdicts go to everything that is chosen. */
export function gridCommands(session: ReviewSession, grid: GridAccess): Command[] {
  const some = () => grid.selected().chosen.size > 0
  const command = (key: KeyActionId, run: () => void, enabled?: () => boolean): Command => ({
    id: `grid.${key}`,
    title: `${KEY_ACTIONS[key].title} (selection)`,
    group: 'Grid',
    key,
    run,
    ...(enabled ? { enabled } : {}),
  })
  const decide = (verdict: Verdict, modes: readonly FailureMode[] = []) => {
    void decideSelected(session, grid.selected(), verdict, modes).then(
      (saved) => saved && grid.select(NOTHING),
    )
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
