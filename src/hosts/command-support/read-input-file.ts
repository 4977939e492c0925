import { readFile } from 'node:fs/promises'
import { HeatproofError } from '../../shared/errors.ts'

/** Reads a file that the user named. @throws HeatproofError `not_found` */
export async function readInputFile(path: string, expected: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new HeatproofError('not_found', {
      found: `no readable file ${path}`,
      expected,
      advice: 'Check the path and its permissions.',
      cause,
    })
  }
}
