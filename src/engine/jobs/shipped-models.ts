import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Database } from 'better-sqlite3'
import type { RunRequest } from '../../shared/contract/runs.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { STANDARD_METHODS } from '../../shared/methods.ts'
import { insertModel, type NewModel } from '../workspace/models.ts'
import { modelRow } from './stored-model.ts'

const EXTENSION = '.safetensors'
const FOLDER = fileURLToPath(new URL('../../../resources/models', import.meta.url))

/** Test sequences that the sample workspace shows. */
export const SAMPLE_COUNT = 200

/** Models of the sample workspace; the others can be added to any workspace. */
const SAMPLE_MODELS = ['deep-mnist-3-digits-maj-seq-12-fold-1', 'rlstm-mnist-3-digits-maj-seq-12-fold-1']

/** Names of the trained models that ship with the program. */
export function shippedModelNames(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith(EXTENSION))
    .map((file) => file.slice(0, -EXTENSION.length))
    .sort()
}

/** @throws HeatproofError `not_found`: no model of that name ships with the program; `bad_file`: its file is damaged */
export function readShippedModel(name: string): NewModel {
  const names = shippedModelNames()
  if (names.includes(name)) return readFile(name)
  throw new HeatproofError('not_found', {
    found: `no shipped model '${name}'`,
    expected: `one of ${names.join(', ')}`,
    advice: 'Choose one of these, or train or import a model.',
  })
}

/** All that ship with the program: the models, and for those whose files are damaged the reason. */
export function readShippedModels(): { models: NewModel[]; damaged: { name: string; reason: string }[] } {
  const [models, damaged]: [NewModel[], { name: string; reason: string }[]] = [[], []]
  for (const name of shippedModelNames()) {
    try {
      models.push(readFile(name))
    } catch (error) {
      if (!(error instanceof HeatproofError)) throw error
      damaged.push({ name, reason: error.message })
    }
  }
  return { models, damaged }
}

function readFile(name: string): NewModel {
  const file = readFileSync(join(FOLDER, name + EXTENSION))
  try {
    return modelRow(file, name + EXTENSION, 'shipped')
  } catch (error) {
    if (!(error instanceof HeatproofError)) throw error
    throw new HeatproofError('bad_file', {
      found: `a damaged file of the shipped model ${name}: ${error.found}`,
      expected: error.expected,
      advice: 'Install Heatproof again, which puts it right; the other models can be used meanwhile.',
      cause: error,
    })
  }
}

/**
 * Puts the models of the sample workspace into a workspace; gives their ids.
 *
 * @throws HeatproofError `bad_file`: the file of one is damaged, and none was put in
 */
export function insertSampleModels(database: Database): number[] {
  return SAMPLE_MODELS.map(readShippedModel).map((model) => insertModel(database, model).id)
}

/** The run of the sample workspace: its models, every standard method. */
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
