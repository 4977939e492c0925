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

/** The looks of networks from elsewhere: a colour of ours with a marker that goes with another one. Neighbours differ in colour. */
const FOREIGN_LOOKS: readonly Pick<ArchitectureStyle, 'colour' | 'marker'>[] = Array.from(
  { length: SHAPES.length - 1 },
  (_, place) =>
    COLOURFUL.map((near) => {
      const markers = SHAPES.filter((marker) => marker !== MARKERS[near][0])
      return { colour: `--architecture-${near}`, marker: markers[place] ?? 'circle' }
    }),
).flat()

/**
 * Style of an architecture, of which `label` (e.g. `R-LSTM-SD`) says how it was trained, or what a network from elsewhere is called.
 *
 * @param networks all networks from elsewhere that are shown beside it, oldest first: as many as there are looks get different ones
 */
export function architectureStyle(
  architecture: string,
  label: string,
  networks: readonly string[] = [],
): ArchitectureStyle {
  const name = ARCHITECTURE_NAMES.find((known) => known === architecture)
  const dash = label.endsWith('random labels') ? [2, 3] : label.endsWith('-SD') ? [5, 3] : []
  if (name === undefined) {
    const isKind = FOREIGN_ARCHITECTURES.some((kind) => kind === architecture)
    return { ...lookOf(isKind ? label : architecture, networks), rotation: 0, dash }
  }
  const [marker, rotation] = MARKERS[name]
  return { colour: `--architecture-${name}`, marker, rotation, dash }
}

/** The look of a network from elsewhere: that of its name, or the next one where an older network has it. */
function lookOf(name: string, networks: readonly string[]): Pick<ArchitectureStyle, 'colour' | 'marker'> {
  const older = networks.includes(name) ? networks.slice(0, networks.indexOf(name)) : networks
  const taken = new Set<number>()
  for (const other of older) taken.add(freePlace(wantedPlace(other), taken))
  const place = freePlace(wantedPlace(name), taken)
  return FOREIGN_LOOKS[place] ?? { colour: '--architecture-deep', marker: 'rect' }
}

/** The wanted place or the next that is free; the wanted one where none is. */
function freePlace(wanted: number, taken: ReadonlySet<number>): number {
  const places = FOREIGN_LOOKS.map((_, step) => (wanted + step) % FOREIGN_LOOKS.length)
  return places.find((place) => !taken.has(place)) ?? wanted
}

function wantedPlace(name: string): number {
  const codes = Array.from(name, (letter) => letter.codePointAt(0) ?? 0)
  const hash = codes.reduce((sum, code) => (31 * sum + code) % 1_000_003, 7)
  return hash % FOREIGN_LOOKS.length
}
