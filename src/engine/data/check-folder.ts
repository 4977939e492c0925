import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { HeatproofError } from '../../shared/errors.ts'
import { FASHION_MNIST_FILES } from './fashion-mnist.ts'
import type { SourceFile } from './idx.ts'
import { MNIST_HASHES } from './mnist.ts'
import { readSplit, SPLIT_FILES, type OfficialSplit } from './sources.ts'

export interface CheckedFile extends SourceFile {
  /** The data set whose official content it has, null for any other. */
  official: 'MNIST' | 'Fashion-MNIST' | null
}

export type SplitCheck = { split: OfficialSplit } & (
  | { state: 'whole'; images: number; files: CheckedFile[] }
  | { state: 'absent' }
  /** `problem` says what is wrong. */
  | { state: 'damaged'; problem: string }
)

/**
 * Reads the IDX files of a folder as training would, and compares their content with that of the official files.
 *
 * @throws HeatproofError `not_found` when there is none
 */
export async function checkFolder(folder: string): Promise<SplitCheck[]> {
  const checks = [await checkSplit(folder, 'train'), await checkSplit(folder, 'test')]
  if (checks.some(({ state }) => state !== 'absent')) return checks
  throw new HeatproofError('not_found', {
    found: `none of the files in ${folder}`,
    expected: Object.values(SPLIT_FILES)
      .flatMap(({ images, labels }) => [images, labels])
      .join(', '),
    advice: 'Name the folder that holds the IDX files, plain or .gz.',
  })
}

async function checkSplit(folder: string, split: OfficialSplit): Promise<SplitCheck> {
  const { images, labels } = SPLIT_FILES[split]
  const isThere = (name: string) => ['', '.gz'].some((end) => existsSync(join(folder, name + end)))
  if (!isThere(images) && !isThere(labels)) return { split, state: 'absent' }
  try {
    const { count, files } = await readSplit(folder, split)
    const checked = files.map((file) => ({ ...file, official: officialName(file, split) }))
    return { split, state: 'whole', images: count, files: checked }
  } catch (error) {
    if (error instanceof HeatproofError) return { split, state: 'damaged', problem: error.message }
    throw error
  }
}

function officialName({ contentSha256 }: SourceFile, split: OfficialSplit): CheckedFile['official'] {
  if (MNIST_HASHES[split].includes(contentSha256)) return 'MNIST'
  return FASHION_MNIST_FILES[split].some((file) => file.contentSha256 === contentSha256)
    ? 'Fashion-MNIST'
    : null
}
