import type { ArchitectureStyle } from './architecture-style.ts'
import { COLOURS, MARKERS } from './method-style.ts'

/** How the points of a group look: no two of the first 49 groups have the same colour and marker. */
export function groupStyle(group: number): Pick<ArchitectureStyle, 'colour' | 'marker' | 'rotation'> {
  const round = Math.floor(group / COLOURS.length)
  return {
    colour: COLOURS[group % COLOURS.length] ?? '--text-2',
    marker: MARKERS[(group + round) % MARKERS.length] ?? 'circle',
    rotation: 0,
  }
}
