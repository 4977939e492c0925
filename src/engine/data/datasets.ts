import { isFashion, type DatasetName } from '../../shared/names.ts'
import { fashionMnistFolder } from './fashion-mnist.ts'
import type { LabelledImages } from './labelled-images.ts'
import { mnistFolder } from './mnist.ts'
import { readSplit, type OfficialSplit } from './sources.ts'

export interface DatasetLocation {
  /** Folder of IDX files to read from, instead of the usual places. */
  folder?: string
  /** Where downloaded data lies. */
  dataHome?: string
}

/** A base data set whose splits are read when they are first asked for, once. */
export type Dataset = Record<OfficialSplit, () => Promise<LabelledImages>>

/**
 * The base images of a data set.
 *
 * The splits reject with HeatproofError `not_found` (with the ways to get the data), `bad_file` or `bad_values`.
 */
export function loadDataset(name: DatasetName, location: DatasetLocation = {}): Dataset {
  return { train: once(() => load(name, 'train', location)), test: once(() => load(name, 'test', location)) }
}

/** The official split that a part of the data is made from. */
export function officialSplit(split: 'train' | 'validation' | 'test'): OfficialSplit {
  return split === 'test' ? 'test' : 'train'
}

async function load(
  name: DatasetName,
  split: OfficialSplit,
  location: DatasetLocation,
): Promise<LabelledImages> {
  return isFashion(name)
    ? readSplit(fashionMnistFolder(split, location), split)
    : readSplit(location.folder ?? mnistFolder(), split)
}

/** Runs `action` at the first call and again only where it failed. */
function once<Result>(action: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined
  return () => {
    result ??= action().catch((error: unknown) => {
      result = undefined
      throw error
    })
    return result
  }
}
