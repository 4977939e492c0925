import type { ArchitectureName } from '../../shared/names.ts'
import { ARCHITECTURES, JOINT_LAYERS, POOLS, STATES, type Architecture, type Layer } from './architectures.ts'
import type { Convolution, Extent } from './convolution.ts'
import { pooledExtent } from './pooling.ts'

/** Sizes of the input and the output. */
export interface ModelSizes {
  /** Rows of the image. */
  readonly rows: number
  /** Columns of the image; a multiple of `steps`. */
  readonly columns: number
  /** Values of a pixel; absent: 1, as in our own architectures. */
  readonly channels?: number
  /** Steps T in which the image is read from left to right. */
  readonly steps: number
  readonly classes: number
}

/** Numbers of one input. */
export function valuesOf({ rows, columns, channels = 1 }: Omit<ModelSizes, 'steps' | 'classes'>): number {
  return rows * columns * channels
}

/** What the tensors decide of a layer. */
export interface LayerSize {
  readonly units: number
  /** Rows and columns of a convolution's kernel; undefined for a dense layer. */
  readonly kernel?: readonly [number, number] | undefined
}

/** Which rows of a dense weight, or which input channels of a kernel, belong to an input of its layer. */
export interface RowBlock {
  readonly start: number
  readonly size: number
}

/** How the tensors of one model are laid out: names, shapes and blocks, from the architecture and the layer sizes. */
export class ModelLayout {
  readonly architecture: Architecture
  readonly sizes: ModelSizes
  readonly #layerSizes: ReadonlyMap<string, LayerSize>

  constructor(architecture: Architecture, sizes: ModelSizes, layerSizes: ReadonlyMap<string, LayerSize>) {
    this.architecture = architecture
    this.sizes = sizes
    this.#layerSizes = layerSizes
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
      const { units, kernel = [] } = this.#sizeOf(layer)
      shapes.set(`${layer}.weight`, [...kernel, this.#inputsOf(layer), units])
      shapes.set(this.biasName(layer), [units])
    }
    return shapes
  }

  /** How many values one unit of the layer reads. */
  fanIn(layer: string): number {
    const [height, width] = this.#sizeOf(layer).kernel ?? [1, 1]
    return height * width * this.#inputsOf(layer)
  }

  biasName(layer: string): string {
    return `${layer}.${this.layer(layer).bias === 'plain' ? 'bias' : 'bias_raw'}`
  }

  /** The block of a layer's weight that belongs to one of its inputs: along the axis before the last. */
  rowsOf(layer: string, source: string): RowBlock {
    const { inputs } = this.layer(layer)
    const position = inputs.indexOf(source)
    if (position < 0) throw new RangeError(`layer '${layer}' does not read '${source}'`)
    const sizes = inputs.map((name) => this.#blockSize(layer, name))
    const start = sizes.slice(0, position).reduce((total, size) => total + size, 0)
    return { start, size: sizes[position] ?? 0 }
  }

  /** The layers that a joint one consists of; of any other the layer itself. */
  partsOf(layer: string): readonly [string, ...string[]] {
    const [first = layer, ...others] = JOINT_LAYERS[layer] ?? []
    return [first, ...others]
  }

  /** The convolution with which a layer reads an input; undefined for a dense layer. */
  convolution(layer: string, source: string): Convolution | undefined {
    const { units, kernel } = this.#sizeOf(this.partsOf(layer)[0])
    return kernel && { input: this.extentOf(source), units, kernel }
  }

  /** The shape of a value for one image and step: what is not spatial has one cell. */
  extentOf(source: string): Extent {
    if (source === 'pixels') {
      return { height: this.sizes.rows, width: this.sizes.columns / this.sizes.steps, channels: 1 }
    }
    const pooled = POOLS[source]
    if (pooled !== undefined) return pooledExtent(this.extentOf(pooled))
    const layer = STATES[source] ?? source
    const { units, kernel } = this.#sizeOf(layer)
    const [first] = this.layers[layer]?.inputs ?? []
    if (kernel === undefined || first === undefined) return { height: 1, width: 1, channels: units }
    return { ...this.extentOf(first), channels: units }
  }

  layer(name: string): Layer {
    const layer = this.layers[name]
    if (layer === undefined) throw new RangeError(`no layer '${name}'`)
    return layer
  }

  #sizeOf(layer: string): LayerSize {
    const size = this.#layerSizes.get(layer)
    if (size === undefined) throw new RangeError(`no layer or state '${layer}'`)
    return size
  }

  #inputsOf(layer: string): number {
    return this.layer(layer).inputs.reduce((total, source) => total + this.#blockSize(layer, source), 0)
  }

  /** A kernel has a row for every channel of its input, a dense weight one for every value. */
  #blockSize(layer: string, source: string): number {
    const { height, width, channels } = this.extentOf(source)
    return this.layer(layer).kernel === undefined ? height * width * channels : channels
  }
}

/** The layout of a newly made network, with the sizes of the method card. */
export function newLayout(name: ArchitectureName, sizes: ModelSizes): ModelLayout {
  const architecture = ARCHITECTURES[name]
  const layerSizes = new Map<string, LayerSize>()
  for (const [layer, { units, kernel }] of Object.entries(architecture.layers)) {
    layerSizes.set(layer, {
      units: units === 'classes' ? sizes.classes : units,
      kernel: kernel === undefined ? undefined : [kernel, kernel],
    })
  }
  return new ModelLayout(architecture, sizes, layerSizes)
}
