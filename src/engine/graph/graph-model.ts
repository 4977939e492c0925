import { HeatproofError } from '../../shared/errors.ts'
import { writeSafetensors, type NamedTensor, type SafetensorsFile } from '../exchange/safetensors.ts'
import { valuesOf } from '../models/layout.ts'
import { badModel, metadataOf, modelFields, type ModelFields } from '../models/model.ts'
import { GraphDescription, tensorsOf } from './description.ts'
import { checkGraph, known, product, type ValueFacts } from './shapes.ts'

/** A network from elsewhere, free of any backend: its operations are written down beside its weights. */
export interface GraphModel extends ModelFields {
  readonly architecture: 'graph'
  readonly graph: GraphDescription
}

/**
 * Reads the graph of a model's metadata.
 *
 * @param source the file's name, for messages
 * @throws HeatproofError `bad_model`
 */
export function parseGraph(text: string | undefined, source: string): GraphDescription {
  const parsed = GraphDescription.safeParse(jsonOf(text))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw badModel(
    `a graph that says at '${issue?.path.join('.') ?? ''}': ${issue?.message ?? ''}, in the metadata of ${source}`,
    "the JSON of a graph's nodes, as an import writes it",
  )
}

function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}

/**
 * Checks a model whole, its tensors included.
 *
 * @returns the facts of every value of its graph
 * @throws HeatproofError `bad_model` naming node or tensor; `bad_values` (NaN, infinity)
 */
export function checkGraphModel(model: GraphModel): ReadonlyMap<string, ValueFacts> {
  const { graph, weights, name, columns, channels = 1, steps, classes } = model
  if (columns % steps !== 0) {
    throw badModel(
      `${steps} steps for ${columns} columns in the model ${name}`,
      'steps that divide the columns',
    )
  }
  const facts = checkGraph(graph, weights)
  const [outputs] = known(facts, graph.output).shape
  if (product(graph.input.shape) !== valuesOf(model) || outputs !== classes) {
    throw badModel(
      `a graph from ${product(graph.input.shape)} values to ${outputs ?? 0} classes in the model ${name}`,
      `from ${valuesOf(model)} to ${classes}, as its metadata say`,
    )
  }
  if (graph.input.order === 'steps' && channels > 1) {
    throw badModel(`steps of ${channels} channels in the model ${name}`, 'steps of one channel')
  }
  if (graph.input.order === 'steps' && graph.input.shape[0] !== steps) {
    throw badModel(
      `a graph that reads ${graph.input.shape[0] ?? 0} steps in the model ${name}`,
      `${steps} steps, as its metadata say`,
    )
  }
  const used = new Set(graph.nodes.flatMap(tensorsOf))
  for (const [tensor, { data }] of weights) {
    if (!used.has(tensor))
      throw badModel(`a tensor '${tensor}' in the model ${name}`, 'only those its graph reads')
    requireFiniteTensor(tensor, data, name)
  }
  return facts
}

function requireFiniteTensor(tensor: string, data: NamedTensor['data'], model: string): void {
  if (data.every(Number.isFinite)) return
  throw new HeatproofError('bad_values', {
    found: `NaN or infinity in the tensor '${tensor}' of the model ${model}`,
    expected: 'finite numbers',
    advice: 'Use another checkpoint of this model.',
  })
}

/** Metadata that only files carry. */
const FORMAT = 'heatproof'

/**
 * A model of a graph from the tensors and the metadata of its file.
 *
 * @throws HeatproofError `bad_model`, `bad_values`
 */
export function graphModelOf(file: SafetensorsFile, source: string): GraphModel {
  const { format, graph, ...metadata } = file.metadata
  if (format !== undefined && format !== FORMAT) {
    throw badModel(`the format '${format}' in the metadata of ${source}`, FORMAT)
  }
  const model: GraphModel = {
    ...modelFields({ ...file, metadata }, source),
    architecture: 'graph',
    graph: parseGraph(graph, source),
  }
  checkGraphModel(model)
  return model
}

/** The bytes of a safetensors file that {@link graphModelOf} takes; the same model gives the same bytes. */
export function writeGraphModel(model: GraphModel): Uint8Array {
  checkGraphModel(model)
  return writeSafetensors(model.weights, {
    ...metadataOf(model),
    format: FORMAT,
    architecture: model.architecture,
    graph: JSON.stringify(model.graph),
  })
}
