import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { readLabelledImages, type LabelledImages } from './labelled-images.ts'

/** The two official splits of a data set. */
export type OfficialSplit = 'train' | 'test'

/** The IDX files of a split, under the names that MNIST gave them and Fashion-MNIST took over. */
export const SPLIT_FILES = {
  train: { images: 'train-images-idx3-ubyte', labels: 'train-labels-idx1-ubyte' },
  test: { images: 't10k-images-idx3-ubyte', labels: 't10k-labels-idx1-ubyte' },
} as const satisfies Record<OfficialSplit, { images: string; labels: string }>

/** Where downloaded data lies: `$XDG_DATA_HOME/heatproof/data`, else `~/.local/share/heatproof/data`. */
export function defaultDataHome(): string {
  const { XDG_DATA_HOME: home = '' } = process.env
  return join(home.startsWith('/') ? home : join(homedir(), '.local', 'share'), 'heatproof', 'data')
}

/** Whether a folder holds both files of a split, plain or .gz. */
export function hasSplit(folder: string, split: OfficialSplit): boolean {
  const { images, labels } = SPLIT_FILES[split]
  return findIdxFile(folder, images) !== undefined && findIdxFile(folder, labels) !== undefined
}

/**
 * Reads a split from a folder of IDX files.
 *
 * @throws HeatproofError as {@link readLabelledImages}
 */
export async function readSplit(folder: string, split: OfficialSplit): Promise<LabelledImages> {
  const { images, labels } = SPLIT_FILES[split]
  return readLabelledImages(
    findIdxFile(folder, images) ?? join(folder, images),
    findIdxFile(folder, labels) ?? join(folder, labels),
  )
}

function findIdxFile(folder: string, name: string): string | undefined {
  return [join(folder, name), join(folder, `${name}.gz`)].find((path) => existsSync(path))
}
