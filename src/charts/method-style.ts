import { OFFERED_METHODS } from '../shared/methods.ts'
import { ARCHITECTURE_NAMES } from '../shared/names.ts'
import type { ArchitectureStyle, Marker } from './architecture-style.ts'

/** The colours of figures whose contrast is checked; the first, a grey, is too near to that of the control. */
export const COLOURS = ARCHITECTURE_NAMES.slice(1).map((name) => `--architecture-${name}`)
/** Markers that are told apart at the size of points. */
export const MARKERS: readonly Marker[] = [
  'circle',
  'rect',
  'triangle',
  'rectRot',
  'star',
  'cross',
  'crossRot',
]
const ORDER: readonly string[] = OFFERED_METHODS.filter((method) => method !== 'random')

/**
 * How the line of a method looks: one colour and marker a method, dashed where the colours begin again. The seeded random method,
 * which knows nothing of the model, is grey and dotted. Methods with options look like those without.
 */
export function methodStyle(method: string): ArchitectureStyle {
  const family = method.split(':')[0] ?? ''
  if (family === 'random') return { colour: '--text-3', marker: 'circle', rotation: 0, dash: [1, 3] }
  const known = ORDER.indexOf(ORDER.includes(method) ? method : family)
  const place = known < 0 ? ORDER.length : known
  return {
    colour: COLOURS[place % COLOURS.length] ?? '--text-2',
    marker: MARKERS[place % MARKERS.length] ?? 'circle',
    rotation: 0,
    dash: place < COLOURS.length ? [] : [5, 3],
  }
}
