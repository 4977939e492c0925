import { readFileSync, writeFileSync } from 'node:fs'
import type { GraphModel } from '../../../src/engine/graph/graph-model.ts'

/** Changes one weight of a network in the file of a workspace that nobody has open. */
export function damageWeights(workspacePath: string, { weights }: GraphModel): void {
  const kernel = weights.get('kernel')?.data ?? new Float32Array()
  const file = readFileSync(workspacePath)
  const place = file.indexOf(new Uint8Array(kernel.buffer, kernel.byteOffset, 16))
  if (place < 0) throw new Error('the workspace does not hold the weights')
  file[place] = (file[place] ?? 0) ^ 1
  writeFileSync(workspacePath, file)
}
