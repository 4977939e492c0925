import { basename, extname } from 'node:path'
import type { NetworkReport } from '../../../shared/contract/model-files.ts'
import { HeatproofError } from '../../../shared/errors.ts'
import { ITEM_COUNTS } from '../../../shared/names.ts'
import { tensorsOf } from '../../graph/description.ts'
import type { GraphModel } from '../../graph/graph-model.ts'
import { graphLayersFromOutput } from '../../graph/randomised-graph.ts'
import { product } from '../../graph/shapes.ts'
import { PROGRAM_VERSION } from '../../program-version.ts'
import { ITEM_SIDE } from '../../data/labelled-images.ts'
import { importKeras } from '../keras/import-keras.ts'
import { importOnnx } from '../onnx/import-onnx.ts'
import { sha256 } from '../sha256.ts'
import { importState } from './import-state.ts'
import type { ImportedNetwork } from './imported-network.ts'
import type { InputWishes } from './network-input.ts'

/** A file as somebody gave it. */
export interface GivenFile {
  /** Without its folder. */
  readonly name: string
  readonly bytes: Uint8Array
}

/** The extensions of files of other programs' networks. */
export const NETWORK_FILES = ['.onnx', '.keras', '.h5', '.hdf5'] as const

/** Whether a file is another program's network, by its name. */
export function isNetworkFile(name: string): boolean {
  return NETWORK_FILES.some((extension) => extname(name).toLowerCase() === extension)
}

/**
 * Compiles a network of another program to a model of ours, with its origin in the metadata.
 *
 * @param beside files that it refers to, by their names
 * @param mapping JSON that says which layers a file of weights belongs to
 * @throws HeatproofError `bad_file`, `bad_model` naming the node, `bad_values`
 */
export async function importNetwork(
  file: GivenFile,
  wishes: InputWishes,
  { beside = [], mapping }: { beside?: readonly GivenFile[]; mapping?: string | undefined } = {},
): Promise<{ model: GraphModel; report: NetworkReport }> {
  const network = await networkOf(file, wishes, beside, mapping)
  const model = modelOfNetwork(file, network, wishes)
  return { model, report: reportOn(model, network, wishes) }
}

async function networkOf(
  { name, bytes }: GivenFile,
  wishes: InputWishes,
  beside: readonly GivenFile[],
  mapping: string | undefined,
): Promise<ImportedNetwork> {
  if (mapping !== undefined) return importState(bytes, name, mapping, wishes)
  if (extname(name).toLowerCase() !== '.onnx') return importKeras(bytes, name, wishes)
  return importOnnx(bytes, name, wishes, (location) => beside.find((file) => file.name === location)?.bytes)
}

/** A pickle may run any program when it is read, so none is: torch.save writes them, bare or in a zip. */
export function refusePickle({ name, bytes }: GivenFile): void {
  const starts = (...values: number[]) => values.every((value, index) => bytes[index] === value)
  const isZip = starts(0x50, 0x4b, 0x03, 0x04) && extname(name).toLowerCase() !== '.keras'
  if (!isZip && !starts(0x80, 0x02)) return
  throw new HeatproofError('bad_file', {
    found: `a pickle, as torch.save writes it, in ${name}`,
    expected: 'weights as safetensors, or the whole network as ONNX: reading a pickle can run any program',
    advice:
      "In Python: torch.onnx.export(model, example, 'model.onnx'), or safetensors.torch.save_file(model.state_dict(), 'model.safetensors').",
  })
}

function modelOfNetwork(
  { name, bytes }: GivenFile,
  { graph, weights, size, classes, tool, format }: ImportedNetwork,
  { dataset }: InputWishes,
): GraphModel {
  const isOfItems = (count: number) =>
    size.channels === 1 && size.rows === ITEM_SIDE && size.columns === ITEM_SIDE * count
  return {
    ...size,
    name: basename(name, extname(name)),
    architecture: 'graph',
    stationaryDropout: false,
    items: ITEM_COUNTS.find(isOfItems) ?? 1,
    classes,
    graph,
    weights,
    metadata: {
      origin_file: name,
      origin_format: format,
      origin_sha256: sha256(bytes),
      origin_tool: tool,
      imported_by: `heatproof ${PROGRAM_VERSION}`,
      trained: 'elsewhere',
      ...(dataset !== undefined && { dataset }),
    },
  }
}

function reportOn(
  model: GraphModel,
  { tool, format, leftOut }: ImportedNetwork,
  { range }: InputWishes,
): NetworkReport {
  const { name, rows, columns, channels = 1, steps, classes, graph, weights } = model
  const counts = Map.groupBy(
    graph.nodes.flatMap((node) => {
      if (node.operation === 'linear') return node.terms.map(({ kind }) => kind)
      return [node.operation === 'activation' ? node.function : node.operation]
    }),
    (operation) => operation,
  )
  const used = new Set(graph.nodes.flatMap(tensorsOf))
  return {
    name,
    format,
    tool,
    rows,
    columns,
    channels,
    steps,
    classes,
    range: [...range],
    operations: Object.fromEntries([...counts].map(([operation, all]) => [operation, all.length])),
    layers: graphLayersFromOutput(model),
    parameters: [...used].reduce((total, tensor) => total + product(weights.get(tensor)?.shape ?? []), 0),
    leftOut: [...leftOut],
  }
}
