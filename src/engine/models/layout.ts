import type { ArchitectureName } from '../../shared/names.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { ARCHITECTURES, type Architecture, type Layer } from './architectures.ts'

/** Sizes of the input and the output. */
export interface ModelSizes {
  /** Rows of the image. */
  readonly rows: number
  /** Columns of the image; a multiple of `steps`. */
  readonly columns: number
  /** Steps T in which the image is read from left to right. */
  readonly steps: number
  readonly classes: number
}

/** Which rows of a weight belong to an input of its layer. */
export interface RowBlock {
  readonly start: number
  readonly size: number
}

/** How the tensors of one model are laid out: names, shapes and row blocks, from the architecture and the layer sizes. */
export class ModelLayout {
  readonly architecture: Architecture
  readonly sizes: ModelSizes
  readonly #units: ReadonlyMap<string, number>

  /** @param units of each layer, by name */
  constructor(architecture: Architecture, sizes: ModelSizes, units: ReadonlyMap<string, number>) {
    this.architecture = architecture
    this.sizes = sizes
    this.#units = units
  }

  get layers(): Readonly<Record<string, Layer>> {
    return this.architecture.layers
  }

  get pixelsPerStep(): number {
    return (this.sizes.rows * this.sizes.columns) / this.sizes.steps
  }

  /** The shape of every tensor of the model, by its name in the weight file. */
  shapes(): Map<string, number[]> {
    const shapes = new Map<string, number[]>()
    for (const layer of Object.keys(this.layers)) {
      shapes.set(`${layer}.weight`, [this.fanIn(layer), this.#unitsOf(layer)])
      shapes.set(this.biasName(layer), [this.#unitsOf(layer)])
    }
    return shapes
  }

  fanIn(layer: string): number {
    return this.#layer(layer).inputs.reduce((total, source) => total + this.#unitsOf(source), 0)
  }

  biasName(layer: string): string {
    return `${layer}.${this.#layer(layer).bias === 'plain' ? 'bias' : 'bias_raw'}`
  }

  rowsOf(layer: string, source: string): RowBlock {
    const { inputs } = this.#layer(layer)
    const position = inputs.indexOf(source)
    if (position < 0) throw new RangeError(`layer '${layer}' does not read '${source}'`)
    const start = inputs.slice(0, position).reduce((total, name) => total + this.#unitsOf(name), 0)
    return { start, size: this.#unitsOf(source) }
  }

  #layer(name: string): Layer {
    const layer = this.layers[name]
    if (layer === undefined) throw new RangeError(`no layer '${name}'`)
    return layer
  }

  #unitsOf(source: string): number {
    if (source === 'pixels') return this.pixelsPerStep
    const units = this.#units.get(this.architecture.states[source] ?? source)
    if (units === undefined) throw new RangeError(`no layer or state '${source}'`)
    return units
  }
}

/** The layout of a newly made network, with the sizes of the method card. */
export function newLayout(name: ArchitectureName, sizes: ModelSizes): ModelLayout {
  const architecture = architectureOf(name)
  const layers = Object.entries(architecture.layers)
  const units = layers.map(
    ([layer, { units }]) => [layer, units === 'classes' ? sizes.classes : units] as const,
  )
  return new ModelLayout(architecture, sizes, new Map(units))
}

/** @throws HeatproofError `bad_model`: the architecture is known by name only */
export function architectureOf(name: ArchitectureName): Architecture {
  const architecture = ARCHITECTURES[name]
  if (architecture !== undefined) return architecture
  throw new HeatproofError('bad_model', {
    found: `the architecture '${name}'`,
    expected: `one of ${Object.keys(ARCHITECTURES).join(', ')}`,
    advice: 'Choose one of these architectures.',
  })
}
