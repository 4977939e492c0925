import { extname } from 'node:path'
import { z } from 'zod'
import { INPUT } from '../../graph/description.ts'
import { openArchiveBytes } from '../audited-set-archive.ts'
import { badFile } from '../bad-input.ts'
import { finishNetwork } from '../networks/finish-network.ts'
import { GraphBuilder } from '../networks/graph-builder.ts'
import type { ImportedNetwork } from '../networks/imported-network.ts'
import { inputOf, type InputWishes } from '../networks/network-input.ts'
import { withHdf5 } from './hdf5-reader.ts'
import { parseChain, type KerasChain } from './keras-config.ts'
import { writeLayer } from './keras-layers.ts'
import { KerasWeights, pathsOfArchive, pathsOfHdf5 } from './keras-weights.ts'

const CONFIG = 'config.json'
const METADATA = 'metadata.json'
const WEIGHTS = 'model.weights.h5'
/** The description of a network is text, and short. */
const MOST_TEXT_BYTES = 2 ** 24
const Metadata = z.object({ keras_version: z.string() })

type About = Pick<ImportedNetwork, 'tool' | 'format'>

/**
 * Compiles a chain of Keras layers, a .keras archive or an older .h5 file, to a graph. Nothing of the file is run.
 *
 * @param source the file's name, for messages
 * @throws HeatproofError `bad_file`, `bad_model` naming the layer or the weight, `bad_values`
 */
export async function importKeras(
  bytes: Uint8Array,
  source: string,
  wishes: InputWishes,
): Promise<ImportedNetwork> {
  if (extname(source).toLowerCase() === '.keras') return importArchive(bytes, source, wishes)
  return withHdf5(bytes, source, (content) => {
    const text = content.attribute('', 'model_config')
    if (typeof text !== 'string') {
      throw badFile({
        source,
        found: 'no model_config',
        expected: 'a whole model; weights alone do not say which layers they belong to',
        advice: "Save the whole model in Python: model.save('model.keras').",
      })
    }
    const chain = parseChain(text, source)
    const weights = new KerasWeights(content, pathsOfHdf5(content), source)
    const version = content.attribute('', 'keras_version')
    return compile(chain, weights, source, wishes, {
      tool: typeof version === 'string' ? `keras ${version}` : '',
      format: 'Keras HDF5',
    })
  })
}

async function importArchive(
  bytes: Uint8Array,
  source: string,
  wishes: InputWishes,
): Promise<ImportedNetwork> {
  const archive = await openArchiveBytes(bytes, source)
  const read = async (path: string, most = Infinity) => {
    const entry = archive.entries.find((candidate) => candidate.path === path)
    const content = entry?.unsafe === null && entry.bytes <= most ? await archive.read(path) : undefined
    if (content !== undefined) return content
    throw badFile({
      source,
      found:
        entry === undefined ? `no ${path}` : `${path} of ${entry.bytes} bytes, which cannot be unpacked,`,
      expected: `a .keras file, with ${CONFIG}, ${METADATA} and ${WEIGHTS} in it`,
    })
  }
  const chain = parseChain((await read(CONFIG, MOST_TEXT_BYTES)).toString('utf8'), `${CONFIG} of ${source}`)
  const metadata = Metadata.safeParse(parsed((await read(METADATA, MOST_TEXT_BYTES)).toString('utf8')))
  const stored = `${WEIGHTS} of ${source}`
  return withHdf5(await read(WEIGHTS), stored, (content) => {
    const weights = new KerasWeights(content, pathsOfArchive(chain.layers), stored)
    return compile(chain, weights, source, wishes, {
      tool: metadata.success ? `keras ${metadata.data.keras_version}` : '',
      format: 'Keras archive',
    })
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function compile(
  chain: KerasChain,
  weights: KerasWeights,
  source: string,
  wishes: InputWishes,
  about: About,
): ImportedNetwork {
  const { size, input } = inputOf(chain.input, wishes, 'last', `the input of ${source}`)
  const builder = new GraphBuilder(input)
  const leftOut: string[] = []
  let value = INPUT
  for (const layer of chain.layers) {
    builder.where = `the layer '${layer.name}' (${layer.kind}) of ${source}`
    const isLast = layer === chain.layers.at(-1)
    value = writeLayer(builder, weights, layer, value, isLast ? (name) => leftOut.push(name) : undefined)
  }
  return finishNetwork(builder, value, { size, leftOut, ...about })
}
