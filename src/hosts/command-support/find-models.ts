import type { ModelSummary } from '../../shared/contract/runs.ts'
import { HeatproofError } from '../../shared/errors.ts'

/**
 * The models that a list of names and ids means: all of a name, or the one with an id.
 *
 * @param list with commas between
 * @throws HeatproofError `not_found`
 */
export function findModels(list: string, models: readonly ModelSummary[]): ModelSummary[] {
  return list.split(',').flatMap((text) => {
    const wanted = text.trim()
    const found = models.filter(({ id, name }) => name === wanted || String(id) === wanted)
    if (found.length > 0) return found
    const names = models.map(({ id, name }) => `${id} (${name})`).join(', ')
    throw new HeatproofError('not_found', {
      found: `no model '${wanted}' in the workspace`,
      expected: names === '' ? 'a workspace with models' : `one of ${names}`,
      advice: 'Correct the name, or import the model with `heatproof models --import FILE`.',
    })
  })
}

/**
 * The one model that an option names. @throws HeatproofError `not_found`; `bad_argument` for several
 *
 * @param option for messages, e.g. `--export`
 */
export function oneModel(option: string, wanted: string, models: readonly ModelSummary[]): ModelSummary {
  const [model, ...others] = findModels(wanted, models)
  if (model !== undefined && others.length === 0) return model
  throw new HeatproofError('bad_argument', {
    found: `${others.length + 1} models for ${option} ${wanted}`,
    expected: 'one model',
    advice: 'Name it by its id; `heatproof models` lists them.',
  })
}
