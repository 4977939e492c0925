import type { FailureMode } from './names.ts'
import { failureModeTitle } from './terms/failure-modes.ts'

/**
 * Every key of the app. A chord is modifiers and a key joined by `+`: `Mod` is Ctrl, or Cmd on a Mac; letters are lower
 * case; symbols that need Shift on some keyboards (`?`, `/`) stand alone.
 */
export interface KeyAction {
  title: string
  /** Where it works: keys of different screens may be equal, `everywhere` clashes with all. */
  scope: 'everywhere' | 'review' | 'compare'
  chords: readonly string[]
}

const modeTitle = (mode: FailureMode) => failureModeTitle(mode).toLowerCase()

export const KEY_ACTIONS = {
  'app.palette': { title: 'Command palette', scope: 'everywhere', chords: ['Mod+k'] },
  'app.keys': { title: 'Show all keys', scope: 'everywhere', chords: ['?'] },
  'app.theme': { title: 'Switch between dark and light', scope: 'everywhere', chords: ['Mod+Shift+l'] },

  'review.accept': { title: 'Accept and next', scope: 'review', chords: ['a'] },
  'review.fail': { title: 'Fail, then choose the modes', scope: 'review', chords: ['f'] },
  'review.unsure': { title: 'Unsure and next', scope: 'review', chords: ['u'] },
  'review.mode1': { title: `Fail: ${modeTitle('single_item_dominance')}`, scope: 'review', chords: ['1'] },
  'review.mode2': { title: `Fail: ${modeTitle('odd_item_focus')}`, scope: 'review', chords: ['2'] },
  'review.mode3': { title: `Fail: ${modeTitle('recency_bias')}`, scope: 'review', chords: ['3'] },
  'review.mode4': { title: `Fail: ${modeTitle('background_leak')}`, scope: 'review', chords: ['4'] },
  'review.mode5': { title: `Fail: ${modeTitle('step_artifact')}`, scope: 'review', chords: ['5'] },
  'review.mode6': { title: `Fail: ${modeTitle('diffuse')}`, scope: 'review', chords: ['6'] },
  'review.mode7': { title: `Fail: ${modeTitle('negative_evidence')}`, scope: 'review', chords: ['7'] },
  'review.mode8': { title: `Fail: ${modeTitle('no_relevance')}`, scope: 'review', chords: ['8'] },
  'review.mode9': { title: `Fail: ${modeTitle('other')}, with a note`, scope: 'review', chords: ['9'] },
  'review.addMode1': {
    title: `Add ${modeTitle('single_item_dominance')}`,
    scope: 'review',
    chords: ['Shift+1'],
  },
  'review.addMode2': { title: `Add ${modeTitle('odd_item_focus')}`, scope: 'review', chords: ['Shift+2'] },
  'review.addMode3': { title: `Add ${modeTitle('recency_bias')}`, scope: 'review', chords: ['Shift+3'] },
  'review.addMode4': { title: `Add ${modeTitle('background_leak')}`, scope: 'review', chords: ['Shift+4'] },
  'review.addMode5': { title: `Add ${modeTitle('step_artifact')}`, scope: 'review', chords: ['Shift+5'] },
  'review.addMode6': { title: `Add ${modeTitle('diffuse')}`, scope: 'review', chords: ['Shift+6'] },
  'review.addMode7': { title: `Add ${modeTitle('negative_evidence')}`, scope: 'review', chords: ['Shift+7'] },
  'review.addMode8': { title: `Add ${modeTitle('no_relevance')}`, scope: 'review', chords: ['Shift+8'] },
  'review.addMode9': { title: `Add ${modeTitle('other')}`, scope: 'review', chords: ['Shift+9'] },
  'review.commit': { title: 'Save what is chosen and next', scope: 'review', chords: ['Enter'] },
  'review.note': { title: 'Write a note', scope: 'review', chords: ['n'] },
  'review.box': { title: 'Draw a box', scope: 'review', chords: ['b'] },
  'review.previous': { title: 'Previous map', scope: 'review', chords: ['ArrowLeft'] },
  'review.next': { title: 'Next map', scope: 'review', chords: ['ArrowRight'] },
  'review.first': { title: 'First map', scope: 'review', chords: ['Home'] },
  'review.last': { title: 'Last map', scope: 'review', chords: ['End'] },
  'review.cycleView': { title: 'Input, heatmap or overlay', scope: 'review', chords: ['Space'] },
  'review.holdInput': { title: 'Plain input while held', scope: 'review', chords: ['h'] },
  'review.grid': { title: 'Grid', scope: 'review', chords: ['g'] },
  'review.groups': { title: 'Groups of similar maps', scope: 'review', chords: ['Shift+g'] },
  'review.takeOut': { title: 'Take a map out of its group, or put it back', scope: 'review', chords: ['o'] },
  'review.more': { title: 'Show more maps of the group', scope: 'review', chords: ['m'] },
  'review.compare': { title: 'Compare this sequence', scope: 'review', chords: ['c'] },
  'review.steps': { title: 'Step borders', scope: 'review', chords: ['s'] },
  'review.scale': { title: 'Own or shared colour scale', scope: 'review', chords: ['Shift+s'] },
  'review.resetZoom': { title: 'Fit the map to the window', scope: 'review', chords: ['0'] },
  'review.blind': { title: 'Blind on or off', scope: 'review', chords: ['x'] },
  'review.search': { title: 'Search maps', scope: 'review', chords: ['/'] },
  'review.undo': { title: 'Undo the last decision', scope: 'review', chords: ['z', 'Mod+z'] },
  'review.redo': { title: 'Redo', scope: 'review', chords: ['Shift+z', 'Mod+Shift+z'] },
  'review.selectAll': { title: 'Select the whole queue (grid)', scope: 'review', chords: ['Mod+a'] },
  'review.cancel': { title: 'Leave the tool, field or selection', scope: 'review', chords: ['Escape'] },

  'compare.previous': { title: 'Previous sequence', scope: 'compare', chords: ['ArrowLeft'] },
  'compare.next': { title: 'Next sequence', scope: 'compare', chords: ['ArrowRight'] },
  'compare.first': { title: 'First sequence', scope: 'compare', chords: ['Home'] },
  'compare.last': { title: 'Last sequence', scope: 'compare', chords: ['End'] },
  'compare.scale': { title: 'Own or shared scale', scope: 'compare', chords: ['s'] },
  'compare.size': { title: 'Large maps', scope: 'compare', chords: ['l'] },
  'compare.view': { title: 'One sequence or pairs of maps', scope: 'compare', chords: ['p'] },
} as const satisfies Record<string, KeyAction>

export type KeyActionId = keyof typeof KEY_ACTIONS
export const KEY_ACTION_IDS = Object.keys(KEY_ACTIONS) as KeyActionId[]

const KEY_SCOPES: Record<KeyAction['scope'], string> = {
  review: 'Review',
  compare: 'Compare',
  everywhere: 'Everywhere',
}

/** The actions by where they work, as lists of keys show them. */
export const KEY_GROUPS = Object.entries(KEY_SCOPES).map(([scope, title]) => ({
  title,
  ids: KEY_ACTION_IDS.filter((id) => KEY_ACTIONS[id].scope === scope),
}))

/** Chords by action, for those that differ from the table. */
export type KeyChanges = Partial<Record<KeyActionId, string[]>>

export function chordsOf(id: KeyActionId, changes: KeyChanges): readonly string[] {
  return changes[id] ?? KEY_ACTIONS[id].chords
}

/** The action of a chord among those of a scope and those that work everywhere. */
export function actionOf(chord: string, scope: KeyAction['scope'], changes: KeyChanges): KeyActionId | null {
  const found = KEY_ACTION_IDS.find((id) => {
    const reach = KEY_ACTIONS[id].scope
    return (reach === 'everywhere' || reach === scope) && chordsOf(id, changes).includes(chord)
  })
  return found ?? null
}

/** Other actions that the chord would set off where `id` works. */
export function clashesOf(id: KeyActionId, chord: string, changes: KeyChanges): KeyActionId[] {
  const scope: KeyAction['scope'] = KEY_ACTIONS[id].scope
  return KEY_ACTION_IDS.filter((other) => {
    const reach: KeyAction['scope'] = KEY_ACTIONS[other].scope
    const together = scope === reach || scope === 'everywhere' || reach === 'everywhere'
    return other !== id && together && chordsOf(other, changes).includes(chord)
  })
}
