import { createHash } from 'node:crypto'
import type { ModelSummary } from '../../shared/contract/runs.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { readModel } from '../models/model.ts'
import type { NewModel } from '../workspace/models.ts'

/**
 * A safetensors file as a row of the workspace, after every check that a model must pass.
 *
 * @param source the file's name, for messages
 * @throws HeatproofError `bad_file`, `bad_model`, `bad_values`
 */
export function modelRow(file: Uint8Array, source: string, origin: ModelSummary['origin']): NewModel {
  const { name, architecture, stationaryDropout, steps, items, metadata } = readModel(file, source)
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
    sha256: createHash('sha256').update(file).digest('hex'),
    accuracy,
    trained: metadata['trained'] !== undefined && !/^(no|false)?$/i.test(metadata['trained']),
    origin,
    metadata: { ...metadata },
    weights: file,
  }
}
