const NAMES: Readonly<Record<string, string>> = {
  Mod: 'CmdOrCtrl',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  Escape: 'Esc',
  Enter: 'Return',
}

/** Keys and modifiers that Electron knows by the name that they have here. */
const SAME = /^(Alt|Shift|Space|Home|End|PageUp|PageDown|Delete|Backspace|Tab|F\d{1,2}|[ -~])$/

/** Electron's name of a chord of shared/keys.ts; null where it has none. */
export function acceleratorOf(chord: string): string | null {
  const parts = chord.split(/\+(?=.)/).map((part) => NAMES[part] ?? (SAME.test(part) ? part : null))
  if (parts.includes(null)) return null
  return parts
    .map((part) => (part === '+' ? 'Plus' : part?.length === 1 ? part.toUpperCase() : part))
    .join('+')
}
