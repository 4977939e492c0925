import type { NetworkReport } from '../../../shared/contract/model-files.ts'
import { plural } from '../../../shared/units.ts'

/** Another program's network with the files that belong to it, in base64. */
export interface NetworkFile {
  fileName: string
  base64: string
  /** Files that the network keeps its weights in. */
  beside: { name: string; base64: string }[]
  /** JSON that says which layers a file of weights belongs to. */
  mapping: string | undefined
}

/** What black and white are for a network, as people choose it. */
export const INPUT_RANGES = [
  { value: '-1,1', label: '−1 to 1' },
  { value: '0,1', label: '0 to 1' },
  { value: '0,255', label: '0 to 255' },
] as const
export type InputRange = (typeof INPUT_RANGES)[number]['value']

export function rangeOf(value: InputRange): [number, number] {
  const [low = -1, high = 1] = value.split(',').map(Number)
  return [low, high]
}

/** Whether a file is another program's network, by its name. */
export function isNetwork(name: string): boolean {
  return /\.(onnx|keras|h5|hdf5)$/i.test(name)
}

/** What an import would make of a network, line by line. */
export function networkFacts(report: NetworkReport): { name: string; value: string }[] {
  const { format, tool, rows, columns, channels, steps, classes, layers, parameters, leftOut } = report
  return [
    { name: 'File', value: tool === '' ? format : `${format}, written by ${tool}` },
    {
      name: 'Reads',
      value: `${rows} × ${columns} pixels${channels === 1 ? '' : ` of ${channels} channels`}${steps === 1 ? '' : ` in ${steps} steps`}, ${classes} classes`,
    },
    {
      name: 'Weights',
      value: `${parameters.toLocaleString('en')} numbers in ${plural(layers.length, 'layer')}`,
    },
    ...(leftOut.length === 0
      ? []
      : [{ name: 'Left out', value: `${leftOut.join(', ')} at the end: the logits are explained` }]),
  ]
}
