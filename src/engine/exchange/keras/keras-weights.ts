import { printShape } from '../../graph/shapes.ts'
import { badModel } from '../../models/model.ts'
import { requireFinite } from '../bad-input.ts'
import type { Hdf5Content } from './hdf5-reader.ts'
import type { KerasLayer } from './keras-config.ts'

/** What holds the weights of a recurrent layer, or of one direction of it. */
export type KerasCell = 'cell' | 'forward_layer/cell' | 'backward_layer/cell'

/** Where a weight lies in a file: by its name, or by its place among those of the layer or of the layer's cell. */
export type FindPath = (
  layer: KerasLayer,
  name: string,
  place: number,
  cell: KerasCell | undefined,
) => string | undefined

/** The layers that have weights, by the names of their groups in a .keras file. */
const GROUPS: Readonly<Record<string, string>> = {
  Dense: 'dense',
  Conv2D: 'conv2d',
  BatchNormalization: 'batch_normalization',
  LSTM: 'lstm',
  GRU: 'gru',
  SimpleRNN: 'simple_rnn',
  Bidirectional: 'bidirectional',
}

/** Weights of a .keras file: `layers/dense_1/vars/0` is the first one of the second Dense, `layers/lstm/cell/vars/0` of the LSTM. */
export function pathsOfArchive(layers: readonly KerasLayer[]): FindPath {
  return (layer, _, place, cell) => {
    const before = layers.filter(({ kind }) => kind === layer.kind).indexOf(layer)
    const group = `${GROUPS[layer.kind] ?? ''}${before > 0 ? `_${before}` : ''}`
    return `layers/${group}/${cell === undefined ? '' : `${cell}/`}vars/${place}`
  }
}

/**
 * Weights of a .h5 file: every layer's group lists the paths of its own, e.g. `net/dense/kernel` or `dense/kernel:0`; of a layer in
 * both directions those of the forward one first.
 */
export function pathsOfHdf5(content: Hdf5Content): FindPath {
  return (layer, name, _, cell) => {
    const group = `model_weights/${layer.name}`
    const paths = content.attribute(group, 'weight_names')
    const found = (Array.isArray(paths) ? paths : [])
      .map(String)
      .filter((path) => path.split('/').at(-1)?.replace(/:\d+$/, '') === name)
    const path = found[cell === 'backward_layer/cell' ? 1 : 0]
    return path && `${group}/${path}`
  }
}

/** Reads weights of layers, each checked before and after. */
export class KerasWeights {
  readonly #content: Hdf5Content
  readonly #find: FindPath
  readonly #source: string

  constructor(content: Hdf5Content, find: FindPath, source: string) {
    this.#content = content
    this.#find = find
    this.#source = source
  }

  /**
   * @param place among the weights of the layer, or of its `cell`
   * @param shape that the layer's config asks for
   * @throws HeatproofError `bad_model` (missing, another shape or type), `bad_file` (damaged), `bad_values` (NaN or infinity)
   */
  read(
    layer: KerasLayer,
    name: string,
    place: number,
    shape: readonly number[],
    cell?: KerasCell,
  ): Float32Array {
    const path = this.#find(layer, name, place, cell)
    const array = path === undefined ? undefined : this.#content.array(path)
    const what = `the weight '${name}' of the layer '${layer.name}' (${layer.kind})`
    if (array === undefined) {
      throw badModel(`no ${path ?? 'entry'} in ${this.#source}, ${what}`, 'every weight of the network')
    }
    if (array.shape.join() !== shape.join() || array.type !== '<f') {
      throw badModel(
        `${what} of shape ${printShape(array.shape)} and type ${array.type} in ${this.#source}`,
        `shape ${printShape(shape)} and type <f (float32)`,
      )
    }
    const values = array.read()
    requireFinite(values, what, this.#source)
    return values
  }
}
