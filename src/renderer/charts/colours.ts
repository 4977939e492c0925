import type { Colours } from '../../charts/colours.ts'
import './charts.css'

export type { Colours }

/** Colours of the theme that `element` is shown in; read again when the theme changes. */
export function readColours(element: Element): Colours {
  const style = getComputedStyle(element)
  return (variable) => style.getPropertyValue(variable).trim()
}

/** Calls `use` with the colours of figures that are saved: on white, whatever the theme. */
export function withPaperColours<Result>(use: (colours: Colours) => Result): Result {
  const element = document.createElement('div')
  element.className = 'paper'
  element.hidden = true
  document.body.append(element)
  try {
    return use(readColours(element))
  } finally {
    element.remove()
  }
}

/** Calls `changed` when the theme changes, by the app or by the system; returns how to stop. */
export function watchTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  const system = matchMedia('(prefers-color-scheme: light)')
  system.addEventListener('change', changed)
  return () => {
    observer.disconnect()
    system.removeEventListener('change', changed)
  }
}
