import type { Model } from '../../../src/engine/models/model.ts'
import type { Layer, Vector } from './layers.ts'

/*
 * Convolutions and pools, one output cell at a time. A cell of a convolution is a dense layer with one unit that reads
 * what its window covers: cells beyond the border do not exist, so no rule can give them anything.
 */

/** An image: height, width, channels; its values stand row by row, the channels innermost. */
export type Shape = readonly [height: number, width: number, channels: number]

/** One output value: a layer with one unit, and where its inputs stand in the layer's joined inputs. */
export interface Cell {
  readonly layer: Layer
  readonly indices: readonly number[]
  /** How many of the inputs are of the first image: the others are the layer's own output of the step before. */
  readonly first: number
}

export interface ConvolutionCells {
  readonly cells: readonly Cell[]
  readonly output: Shape
}

const knownCells = new WeakMap<Model, Map<string, ConvolutionCells>>()

/** {@link makeCells}, once for every model and layer. */
export function cellsOf(model: Model, name: string, images: readonly Shape[]): ConvolutionCells {
  const ofModel = knownCells.get(model) ?? new Map<string, ConvolutionCells>()
  knownCells.set(model, ofModel)
  const cells = ofModel.get(name) ?? makeCells(model, name, images)
  ofModel.set(name, cells)
  return cells
}

/**
 * The cells of a layer that reads images of one height and width, joined channel by channel in the kernel but image by
 * image in the input vector.
 */
function makeCells(model: Model, name: string, images: readonly Shape[]): ConvolutionCells {
  const { shape, data } = model.weights.get(`${name}.weight`) ?? { shape: [], data: [] }
  const raw = model.weights.get(`${name}.bias_raw`)?.data ?? []
  const [kernelRows = 0, kernelColumns = 0, channels = 0, units = 0] = shape
  const [height, width] = images[0] ?? [0, 0, 0]
  const kernel = (dy: number, dx: number, channel: number, unit: number) =>
    data[((dy * kernelColumns + dx) * channels + channel) * units + unit] ?? NaN

  const cell = (row: number, column: number, unit: number): Cell => {
    const indices: number[] = []
    const weight: number[][] = []
    let [offset, channelOffset, first] = [0, 0, 0]
    for (const [k, [, , own]] of images.entries()) {
      for (let dy = 0; dy < kernelRows; dy += 1) {
        for (let dx = 0; dx < kernelColumns; dx += 1) {
          const y = row + dy - Math.floor((kernelRows - 1) / 2)
          const x = column + dx - Math.floor((kernelColumns - 1) / 2)
          if (y < 0 || y >= height || x < 0 || x >= width) continue
          for (let channel = 0; channel < own; channel += 1) {
            indices.push(offset + (y * width + x) * own + channel)
            weight.push([kernel(dy, dx, channelOffset + channel, unit)])
          }
        }
      }
      offset += height * width * own
      channelOffset += own
      if (k === 0) first = indices.length
    }
    return { layer: { weight, bias: [-Math.log1p(Math.exp(raw[unit] ?? NaN))] }, indices, first }
  }

  const cells = Array.from({ length: height * width * units }, (_, index) => {
    const position = Math.floor(index / units)
    return cell(Math.floor(position / width), position % width, index % units)
  })
  return { cells, output: [height, width, units] }
}

/** Runs a function for every output cell with its inputs, and adds up what it gives back to them. */
export function backThroughCells(
  { cells }: ConvolutionCells,
  input: Vector,
  back: (cell: Cell, inputs: Vector, index: number) => Vector,
): number[] {
  const received = input.map(() => 0)
  for (const [index, cell] of cells.entries()) {
    const inputs = cell.indices.map((i) => input[i] ?? NaN)
    for (const [k, value] of back(cell, inputs, index).entries()) {
      const i = cell.indices[k] ?? NaN
      received[i] = (received[i] ?? NaN) + value
    }
  }
  return received
}

/** The real cells of every 2x2 window, for each pooled value. */
export function windowsOf([height, width, channels]: Shape): { windows: number[][]; output: Shape } {
  const output: Shape = [Math.ceil(height / 2), Math.ceil(width / 2), channels]
  const windows: number[][] = []
  for (let row = 0; row < output[0]; row += 1) {
    for (let column = 0; column < output[1]; column += 1) {
      for (let channel = 0; channel < channels; channel += 1) {
        const window = []
        for (const y of [2 * row, 2 * row + 1]) {
          for (const x of [2 * column, 2 * column + 1]) {
            if (y < height && x < width) window.push((y * width + x) * channels + channel)
          }
        }
        windows.push(window)
      }
    }
  }
  return { windows, output }
}

/** Twice the average of every window. */
export function poolWindows(windows: readonly number[][], x: Vector): number[] {
  return windows.map((window) => (2 * window.reduce((sum, i) => sum + (x[i] ?? NaN), 0)) / window.length)
}
