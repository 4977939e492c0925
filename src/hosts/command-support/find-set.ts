import { HeatproofError } from '../../shared/errors.ts'

/** The imported set with this name or id. @throws HeatproofError `not_found`; `bad_argument` for a name that several have */
export function findSet<Found extends { id: number; name: string }>(
  wanted: string,
  sets: readonly Found[],
): Found {
  const found = sets.filter(({ id, name }) => name === wanted || String(id) === wanted)
  const [set, ...others] = found
  if (set !== undefined && others.length === 0) return set
  const names = sets.map(({ id, name }) => `${id} (${name})`).join(', ')
  if (set !== undefined) {
    throw new HeatproofError('bad_argument', {
      found: `${found.length} imported sets '${wanted}'`,
      expected: `the id of one: ${found.map(({ id }) => id).join(', ')}`,
      advice: 'Name it by its id.',
    })
  }
  throw new HeatproofError('not_found', {
    found: `no imported set '${wanted}' in the workspace`,
    expected: names === '' ? 'a workspace with imported samples' : `one of ${names}`,
    advice: 'Correct the name, or bring images in with `heatproof import`.',
  })
}
