import { readFileSync } from 'node:fs'
import type { ImportedNetwork } from '../../../../src/engine/exchange/networks/imported-network.ts'
import { importOnnx } from '../../../../src/engine/exchange/onnx/import-onnx.ts'
import type { GraphModel } from '../../../../src/engine/graph/graph-model.ts'

/** Networks and values that the scripts beside them made. */
export const FOLDER = new URL('golden/', import.meta.url)

export function goldenJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, FOLDER), 'utf8'))
}

/** @param rows of the image, for networks that read it in steps */
export function importGolden(path: string, rows?: number): ImportedNetwork {
  const bytes = readFileSync(new URL(path, FOLDER))
  return importOnnx(bytes, path, { range: [-1, 1], inSteps: rows !== undefined, rows })
}

export function modelOf(name: string, { graph, weights, size }: ImportedNetwork): GraphModel {
  const fields = { name, stationaryDropout: false, items: 1, classes: 3, metadata: {} }
  return { ...fields, ...size, architecture: 'graph', graph, weights }
}

/** Step by step in the network, row by row in an image. */
export function asImages(
  values: readonly number[],
  { steps, rows, columns }: ImportedNetwork['size'],
): Float32Array {
  const width = columns / steps
  const pixels = rows * columns
  return Float32Array.from(values, (_, at) => {
    const [n, row, column] = [Math.floor(at / pixels), Math.floor((at % pixels) / columns), at % columns]
    const step = Math.floor(column / width)
    return values[n * pixels + (step * rows + row) * width + (column % width)] ?? NaN
  })
}
