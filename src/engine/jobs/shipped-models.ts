import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Database } from 'better-sqlite3'
import type { RunRequest } from '../../shared/contract/runs.ts'
import { STANDARD_METHODS } from '../../shared/methods.ts'
import { insertModel } from '../workspace/models.ts'
import { modelRow } from './stored-model.ts'

const FOLDER = fileURLToPath(new URL('../../../resources/models', import.meta.url))

/** Test sequences that the sample workspace shows. */
export const SAMPLE_COUNT = 200

/** Puts the trained models that ship with the program into a workspace; gives their ids. */
export function insertShippedModels(database: Database): number[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.safetensors'))
    .sort()
    .map((name) => insertModel(database, modelRow(readFileSync(join(FOLDER, name)), name, 'shipped')).id)
}

/** The run of the sample workspace: every shipped model that reads MNIST, every standard method. */
export function sampleRun(modelIds: number[]): RunRequest {
  return {
    modelIds,
    methods: [...STANDARD_METHODS],
    dataset: 'mnist-3-digits-maj',
    split: 'test',
    fold: 1,
    count: SAMPLE_COUNT,
    seed: 0,
    target: 'label',
  }
}
