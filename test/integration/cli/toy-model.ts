import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeNpy, type NpyArray } from '../../../src/engine/exchange/npy.ts'
import { writeModel } from '../../../src/engine/models/model.ts'
import type { ArchitectureName } from '../../../src/shared/names.ts'
import { readVector, type OracleVector } from '../../oracle/vectors.ts'

export interface ToyModel {
  vector: OracleVector
  /** Its weights, a safetensors file. */
  model: string
  /** Its inputs, a .npy file. */
  input: string
}

/** Puts a toy-size model of the independent implementation and its inputs into files. */
export function writeToyModel(folder: string, architecture: ArchitectureName): ToyModel {
  const vector = readVector(architecture)
  const model = join(folder, `${architecture}.safetensors`)
  writeFileSync(model, writeModel(vector.model))
  const { rows, columns } = vector.model
  const input = join(folder, `${architecture}.npy`)
  writeArray(input, {
    dtype: 'float32',
    shape: [vector.targets.length, rows, columns],
    data: vector.images,
  })
  return { vector, model, input }
}

export function writeArray(path: string, array: NpyArray): string {
  writeFileSync(path, writeNpy(array))
  return path
}
