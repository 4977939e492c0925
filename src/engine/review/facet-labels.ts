import type { Database } from 'better-sqlite3'
import { commonClassName } from '../../shared/class-names.ts'
import {
  architectureKeyLabel,
  ARCHITECTURES,
  DATASETS,
  FAILURE_MODES,
  type Explained,
} from '../../shared/names.ts'
import { failureModeTitle } from '../../shared/terms/failure-modes.ts'
import { listModels } from '../workspace/models.ts'
import { listSampleSets } from '../workspace/samples.ts'
import type { FacetLabel } from './facets.ts'
import type { MapColumns } from './map-columns.ts'

const WORDS: Readonly<Record<string, string>> = {
  ...DATASETS,
  ...ARCHITECTURES,
  ...Object.fromEntries(FAILURE_MODES.map((mode) => [mode, failureModeTitle(mode)])),
  true: 'right prediction',
  false: 'wrong prediction',
  none: 'not reviewed',
  no_evidence: 'no evidence',
  not_conserved: 'not conserved',
}

const EXPLAINED_WORDS: Readonly<Record<string, string>> = {
  label: 'the true label',
  predicted: 'a wrong prediction',
  other: 'another class',
} satisfies Record<Explained, string>

/**
 * What people read for the values of every facet; the value itself where there is nothing better. Classes are called as the sets
 * of these maps call them.
 */
export function facetLabels(database: Database, { facts }: MapColumns): FacetLabel {
  const models = new Map(listModels(database).map(({ id, name }) => [String(id), name]))
  const stored = listSampleSets(database)
  const sets = new Map(stored.map(({ id, name }) => [String(id), name]))
  const mapped = new Set(facts.sampleSet.values)
  const named = stored
    .filter(({ id }) => mapped.has(id))
    .map(({ dataset, source }) => ({ dataset, given: source.classNames }))
  return (facet, value) => {
    switch (facet) {
      case 'model':
        return models.get(value) ?? value
      case 'sampleSet':
        return sets.get(value) ?? value
      case 'architecture':
        return architectureKeyLabel(value)
      case 'label':
      case 'target':
        return commonClassName(named, Number(value))
      case 'explained':
        return EXPLAINED_WORDS[value] ?? value
      case 'reviewer':
        return value
      default:
        return WORDS[value] ?? value
    }
  }
}
