import { ARCHITECTURE_NAMES, FOREIGN_ARCHITECTURES, type ArchitectureName } from '../shared/names.ts'

export type Marker = 'circle' | 'rect' | 'rectRot' | 'triangle' | 'star' | 'cross' | 'crossRot'

/** How lines and points of an architecture look wherever they are drawn, so that nothing is told by colour alone. */
export interface ArchitectureStyle {
  /** CSS variable that holds the colour. */
  colour: string
  marker: Marker
  /** Turn of the marker in degrees. */
  rotation: 0 | 180
  /** Dashes of the line: stationary dropout is drawn dashed, random labels dotted, in the colour of the architecture. */
  dash: number[]
}

const MARKERS: Record<ArchitectureName, [Marker, 0 | 180]> = {
  shallow: ['crossRot', 0],
  deep: ['circle', 0],
  deep_v2: ['rect', 0],
  convdeep: ['triangle', 0],
  convdeep_lateral: ['triangle', 180],
  rlstm: ['rectRot', 0],
  convrlstm: ['star', 0],
  convrlstm_lateral: ['cross', 0],
}

const SHAPES = [...new Set(Object.values(MARKERS).map(([marker]) => marker))]
/** All but the first, a grey that text has too. */
const COLOURFUL = ARCHITECTURE_NAMES.slice(1)

/** Style of an architecture, of which `label` (e.g. `R-LSTM-SD`) says how it was trained, or what a network from elsewhere is called. */
export function architectureStyle(architecture: string, label: string): ArchitectureStyle {
  const name = ARCHITECTURE_NAMES.find((known) => known === architecture)
  const dash = label.endsWith('random labels') ? [2, 3] : label.endsWith('-SD') ? [5, 3] : []
  if (name === undefined) {
    const isKind = FOREIGN_ARCHITECTURES.some((kind) => kind === architecture)
    return { ...lookOf(isKind ? label : architecture), rotation: 0, dash }
  }
  const [marker, rotation] = MARKERS[name]
  return { colour: `--architecture-${name}`, marker, rotation, dash }
}

/** The look of a network from elsewhere, by its name alone: a colour of ours with a marker that goes with another one. */
function lookOf(name: string): Pick<ArchitectureStyle, 'colour' | 'marker'> {
  const codes = Array.from(name, (letter) => letter.codePointAt(0) ?? 0)
  const hash = codes.reduce((sum, code) => (31 * sum + code) % 1_000_003, 7)
  const near = COLOURFUL[hash % COLOURFUL.length] ?? 'deep'
  const markers = SHAPES.filter((marker) => marker !== MARKERS[near][0])
  const marker = markers[Math.floor(hash / COLOURFUL.length) % markers.length] ?? 'circle'
  return { colour: `--architecture-${near}`, marker }
}
