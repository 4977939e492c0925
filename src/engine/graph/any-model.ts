import { readSafetensors } from '../exchange/safetensors.ts'
import { modelOf, writeModel, type Model } from '../models/model.ts'
import { prepareModel, type PreparedModel } from '../models/prepared-model.ts'
import { graphModelOf, writeGraphModel, type GraphModel } from './graph-model.ts'
import { PreparedGraph } from './prepared-graph.ts'

/** A network of the method card, or one from elsewhere. */
export type AnyModel = Model | GraphModel
export type AnyPreparedModel = PreparedModel | PreparedGraph

/**
 * Reads a model from the bytes of a safetensors file with the metadata of the weight layout, or with a graph.
 *
 * @param source the file's name, for messages
 * @throws HeatproofError `bad_file`, `bad_values`, `bad_model`
 */
export function readAnyModel(bytes: Uint8Array, source: string): AnyModel {
  const file = readSafetensors(bytes, source)
  return file.metadata['architecture'] === 'graph' ? graphModelOf(file, source) : modelOf(file, source)
}

/** The bytes of a file that {@link readAnyModel} reads back. */
export function writeAnyModel(model: AnyModel): Uint8Array {
  return model.architecture === 'graph' ? writeGraphModel(model) : writeModel(model)
}

/** Puts the weights on the backend. @throws HeatproofError `bad_model`, `bad_values` */
export function prepareAnyModel(model: AnyModel): AnyPreparedModel {
  return model.architecture === 'graph' ? new PreparedGraph(model) : prepareModel(model)
}
