import type { ModelFile, NetworkReport } from '../../shared/contract/model-files.ts'
import { HeatproofError } from '../../shared/errors.ts'
import {
  importNetwork,
  isNetworkFile,
  NETWORK_FILES,
  refusePickle,
} from '../exchange/networks/import-network.ts'
import { writeAnyModel } from '../graph/any-model.ts'
import { fromPytorch } from '../models/pytorch-weights.ts'

/** The safetensors file that the workspace keeps of a given one. @throws HeatproofError `bad_file`, `bad_model`, `bad_values` */
export async function modelFileOf(given: ModelFile): Promise<Uint8Array> {
  const { fileName, base64, layout } = given
  const bytes = bytesOf(base64)
  refusePickle({ name: fileName, bytes })
  if (isNetwork(given)) return writeAnyModel((await networkOf(given, bytes)).model)
  return layout === 'pytorch' ? fromPytorch(bytes, fileName) : bytes
}

/** What an import would make of a network. @throws HeatproofError as {@link modelFileOf}; `bad_argument` for other files */
export async function inspectNetwork(given: ModelFile): Promise<NetworkReport> {
  const bytes = bytesOf(given.base64)
  refusePickle({ name: given.fileName, bytes })
  if (isNetwork(given)) return (await networkOf(given, bytes)).report
  throw new HeatproofError('bad_argument', {
    found: `the file ${given.fileName}`,
    expected: `a network of another program (${NETWORK_FILES.join(', ')}), or weights with a mapping`,
    advice: 'Import a safetensors file without a look at it first; it is checked whole anyway.',
  })
}

function isNetwork({ fileName, mapping }: ModelFile): boolean {
  return mapping !== undefined || isNetworkFile(fileName)
}

function networkOf(
  { fileName, inputRange = [-1, 1], inputRows, inSteps, channels, dataset, mapping, beside = [] }: ModelFile,
  bytes: Uint8Array,
) {
  return importNetwork(
    { name: fileName, bytes },
    { range: inputRange, rows: inputRows, inSteps, channels, dataset },
    { beside: beside.map(({ name, base64 }) => ({ name, bytes: bytesOf(base64) })), mapping },
  )
}

function bytesOf(base64: string): Uint8Array {
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length > 0 && bytes.toString('base64').length === base64.length) return Uint8Array.from(bytes)
  throw new HeatproofError('bad_file', {
    found: 'text that is not base64',
    expected: 'the bytes of a file in base64',
    advice: 'Send the file again.',
  })
}
