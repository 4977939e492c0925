import { DATASETS, DATASET_NAMES } from '../../shared/names.ts'

/** A data set as people read it; the name itself where the workspace holds one that is not built in. */
export function datasetTitle(name: string): string {
  const known = DATASET_NAMES.find((candidate) => candidate === name)
  return known === undefined ? name : DATASETS[known]
}

/** The first part of a data set's title, e.g. `MNIST`, for narrow places. */
export function datasetShortTitle(name: string): string {
  return datasetTitle(name).replace(/,.*$/, '')
}

/** The built-in data sets as a select offers them. */
export const DATASET_OPTIONS = DATASET_NAMES.map((value) => ({ value, label: DATASETS[value] }))
