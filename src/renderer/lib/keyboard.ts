/** The parts of a keyboard event that decide its chord. */
export interface KeyPress {
  key: string
  code: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  shiftKey: boolean
}

const MODIFIERS = new Set(['Control', 'Meta', 'Shift', 'Alt', 'AltGraph', 'CapsLock', 'Dead'])

/** The chord of a key press in the grammar of shared/keys.ts, null for a modifier alone. */
export function chordOf(press: KeyPress): string | null {
  if (MODIFIERS.has(press.key)) return null
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(press.code)?.[1]
  const letter = /^\p{L}$/u.test(press.key)
  const named = press.key.length > 1
  const key = digit ?? (press.key === ' ' ? 'Space' : letter ? press.key.toLowerCase() : press.key)
  const modifiers: string[] = []
  if (press.ctrlKey || press.metaKey) modifiers.push('Mod')
  if (press.altKey) modifiers.push('Alt')
  const shiftCounts = digit !== undefined || letter || named || press.key === ' '
  if (press.shiftKey && shiftCounts) modifiers.push('Shift')
  return [...modifiers, key].join('+')
}

const SHOWN: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  Enter: '↵',
  Shift: '⇧',
}

/** A chord as it is drawn on keys, e.g. `['Ctrl', 'K']`. */
export function chordKeys(chord: string, mac: boolean): string[] {
  return chord.split(/\+(?=.)/).map((part) => {
    if (part === 'Mod') return mac ? '⌘' : 'Ctrl'
    if (part === 'Alt') return mac ? '⌥' : 'Alt'
    return SHOWN[part] ?? (part.length === 1 ? part.toUpperCase() : part)
  })
}

/** Whether keys go into what has the focus rather than to the app. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true
  if (target instanceof HTMLSelectElement) return true
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'range', 'button'].includes(target.type)
}
