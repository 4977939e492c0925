import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { InvalidArgumentError } from 'commander'
import { requireConfined } from '../../engine/exchange/confined-path.ts'
import { externalFiles } from '../../engine/exchange/onnx/onnx-graph.ts'
import type { NetworkReport } from '../../shared/contract/model-files.ts'

/** The files that an ONNX model keeps its weights in, read from its own folder; those that are missing are left out. */
export async function readBeside(
  path: string,
  bytes: Uint8Array,
): Promise<{ name: string; base64: string }[]> {
  const files: { name: string; base64: string }[] = []
  for (const name of externalFiles(bytes, basename(path))) {
    requireConfined(name, basename(path))
    const file = await readFile(join(dirname(path), name)).catch(() => undefined)
    if (file !== undefined) files.push({ name, base64: file.toString('base64') })
  }
  return files
}

/** Parses `LOW,HIGH`, e.g. `0,1`. */
export function parseRange(text: string): [number, number] {
  const [low = NaN, high = NaN, ...rest] = text
    .split(',')
    .map((part) => (part.trim() === '' ? NaN : Number(part)))
  if (Number.isFinite(low) && Number.isFinite(high) && low !== high && rest.length === 0) return [low, high]
  throw new InvalidArgumentError(
    'It takes two different numbers, what black and white are for the network, e.g. 0,1.',
  )
}

export function printNetwork(report: NetworkReport): string {
  const {
    name,
    format,
    tool,
    rows,
    columns,
    channels,
    steps,
    classes,
    range,
    operations,
    layers,
    parameters,
    leftOut,
  } = report
  const counts = Object.entries(operations).map(([operation, count]) => `${count} ${operation}`)
  return [
    `${name}: ${format}${tool === '' ? '' : `, written by ${tool}`}`,
    `reads ${rows} x ${columns} pixels${channels === 1 ? '' : ` of ${channels} channels`}${steps === 1 ? '' : ` in ${steps} steps`}, black as ${range[0]} and white as ${range[1]}; ${classes} classes`,
    `${parameters} numbers in ${layers.length} layers: ${layers.toReversed().join(', ')}`,
    `operations: ${counts.join(', ')}`,
    ...leftOut.map((operation) => `left out: the ${operation} at the end; the logits are explained`),
    'Nothing was stored.',
  ].join('\n')
}
