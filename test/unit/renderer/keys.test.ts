import { describe, expect, it } from 'vitest'
import { chordKeys, chordOf, type KeyPress } from '../../../src/renderer/lib/keyboard.ts'
import { actionOf, chordsOf, clashesOf, KEY_ACTION_IDS, KEY_ACTIONS } from '../../../src/shared/keys.ts'

const press = (change: Partial<KeyPress>): KeyPress => ({
  key: '',
  code: '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...change,
})

describe('chords', () => {
  it.each<[string, Partial<KeyPress>, string | null]>([
    ['a letter', { key: 'a', code: 'KeyA' }, 'a'],
    ['a letter with caps lock', { key: 'A', code: 'KeyA' }, 'a'],
    ['a letter with Shift', { key: 'Z', code: 'KeyZ', shiftKey: true }, 'Shift+z'],
    ['a letter by its meaning, not its place', { key: 'a', code: 'KeyQ' }, 'a'],
    ['a digit', { key: '3', code: 'Digit3' }, '3'],
    ['a digit with Shift, whatever it prints', { key: '#', code: 'Digit3', shiftKey: true }, 'Shift+3'],
    ['a digit of a French keyboard', { key: '"', code: 'Digit3' }, '3'],
    ['the number pad', { key: '5', code: 'Numpad5' }, '5'],
    ['a symbol that needs Shift', { key: '?', code: 'Slash', shiftKey: true }, '?'],
    ['space', { key: ' ', code: 'Space' }, 'Space'],
    ['Ctrl', { key: 'k', code: 'KeyK', ctrlKey: true }, 'Mod+k'],
    ['Cmd', { key: 'k', code: 'KeyK', metaKey: true }, 'Mod+k'],
    ['Ctrl and Shift', { key: 'Z', code: 'KeyZ', ctrlKey: true, shiftKey: true }, 'Mod+Shift+z'],
    ['an arrow', { key: 'ArrowLeft', code: 'ArrowLeft' }, 'ArrowLeft'],
    ['a modifier alone', { key: 'Shift', code: 'ShiftLeft', shiftKey: true }, null],
  ])('reads %s', (_what, change, chord) => {
    expect(chordOf(press(change))).toBe(chord)
  })

  it('are drawn as people know them', () => {
    expect(chordKeys('Mod+k', false)).toEqual(['Ctrl', 'K'])
    expect(chordKeys('Mod+Shift+z', true)).toEqual(['⌘', '⇧', 'Z'])
    expect(chordKeys('ArrowLeft', false)).toEqual(['←'])
    expect(chordKeys('?', false)).toEqual(['?'])
    expect(chordKeys('+', false)).toEqual(['+'])
  })
})

describe('the table of keys', () => {
  it('has no clash', () => {
    for (const id of KEY_ACTION_IDS) {
      for (const chord of chordsOf(id, {})) expect([id, clashesOf(id, chord, {})]).toEqual([id, []])
    }
  })

  it('finds every action by each of its chords', () => {
    for (const id of KEY_ACTION_IDS) {
      for (const chord of KEY_ACTIONS[id].chords) expect(actionOf(chord, KEY_ACTIONS[id].scope, {})).toBe(id)
    }
  })

  it('keeps the keys of a screen to that screen', () => {
    expect(actionOf('a', 'everywhere', {})).toBeNull()
    expect(actionOf('Mod+k', 'review', {})).toBe('app.palette')
    expect(actionOf('ArrowLeft', 'review', {})).toBe('review.previous')
    expect(actionOf('ArrowLeft', 'compare', {})).toBe('compare.previous')
    expect(actionOf('a', 'compare', {})).toBeNull()
  })

  it('follows changes and shows what they clash with', () => {
    const changes = { 'review.accept': ['u'] }
    expect(actionOf('a', 'review', changes)).toBeNull()
    expect(clashesOf('review.accept', 'u', changes)).toEqual(['review.unsure'])
    expect(clashesOf('app.palette', 'n', {})).toEqual(['review.note'])
  })
})
