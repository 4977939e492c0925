import { createHash } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import type { ModelSummary } from '../../shared/contract/runs.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { isComputable } from '../../shared/names.ts'
import { shortHash } from '../../shared/units.ts'
import { readAnyModel, type AnyModel } from '../graph/any-model.ts'
import { getModel, getModelWeights, type NewModel } from '../workspace/models.ts'

/**
 * A safetensors file as a row of the workspace, after every check that a model must pass.
 *
 * @param source the file's name, for messages
 * @throws HeatproofError `bad_file`, `bad_model`, `bad_values`
 */
export function modelRow(file: Uint8Array, source: string, origin: ModelSummary['origin']): NewModel {
  const { name, architecture, stationaryDropout, steps, items, metadata } = readAnyModel(file, source)
  const fold = Number(metadata['fold'] ?? 1)
  const accuracy = metadata['accuracy'] === undefined ? null : Number(metadata['accuracy'])
  if (!Number.isInteger(fold) || (accuracy !== null && !(accuracy >= 0 && accuracy <= 1))) {
    throw new HeatproofError('bad_model', {
      found: `fold '${metadata['fold'] ?? ''}' and accuracy '${metadata['accuracy'] ?? ''}' in the metadata of ${source}`,
      expected: 'a whole number and a share from 0 to 1',
      advice: 'Correct the metadata of the file.',
    })
  }
  return {
    name,
    architecture,
    stationaryDropout,
    dataset: metadata['dataset'] ?? '',
    steps,
    fold,
    items,
    sha256: sha256Of(file),
    accuracy,
    trained: metadata['trained'] !== undefined && !/^(no|false)?$/i.test(metadata['trained']),
    origin,
    metadata: { ...metadata },
    weights: file,
  }
}

/** @throws HeatproofError `bad_argument` for a network of which the workspace has maps and answers alone */
export function requireComputable(model: Pick<ModelSummary, 'name' | 'architecture'>): void {
  if (isComputable(model)) return
  throw new HeatproofError('bad_argument', {
    found: `${model.name}, a network from elsewhere`,
    expected: 'a model with weights: the workspace has only the maps and answers of this one',
    advice: 'Choose another model, or import the network itself.',
  })
}

/**
 * A model of the workspace with its weights.
 *
 * @throws HeatproofError `not_found`; `bad_file` for damaged weights; `bad_argument` as {@link requireComputable}
 */
export function modelOf(database: Database, id: number): AnyModel {
  const summary = getModel(database, id)
  if (summary !== undefined) requireComputable(summary)
  const file = getModelWeights(database, id)
  if (summary !== undefined && file !== undefined) {
    requireWhole(summary, file)
    return readAnyModel(file, `model ${id}`)
  }
  throw new HeatproofError('not_found', {
    found: `no model ${id}`,
    expected: 'the id of a model of this workspace',
    advice: 'See the models on the Runs screen.',
  })
}

function requireWhole({ id, name, sha256 }: ModelSummary, file: Uint8Array): void {
  const hash = sha256Of(file)
  if (hash === sha256) return
  throw new HeatproofError('bad_file', {
    found: `damaged weights of model ${id}, ${name}, with the SHA-256 ${shortHash(hash)}`,
    expected: `${shortHash(sha256)}, that of the file which was stored`,
    advice: 'Take the same file in again, which puts the weights right, or go back to a backup.',
  })
}

function sha256Of(file: Uint8Array): string {
  return createHash('sha256').update(file).digest('hex')
}
