import { MapFilter } from '../../shared/contract/common.ts'
import type { ModelSummary } from '../../shared/contract/runs.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { parseMethod } from '../../shared/methods.ts'
import { firstIssue } from '../../shared/schema-issue.ts'
import { findModels } from './find-models.ts'

export interface FilterOptions {
  /** JSON. */
  filter?: string
  /** Lists with commas between. */
  method?: string
  model?: string
  label?: string
}

/**
 * The filter that the options of a command describe; a list replaces what the JSON says of the same facet.
 *
 * @throws HeatproofError `bad_argument`, `unknown_method`, `not_found` (a model)
 */
export function exportFilter(options: FilterOptions, models: readonly ModelSummary[]): MapFilter {
  const { filter, method, model, label } = options
  return {
    ...(filter === undefined ? {} : parseFilter(filter)),
    ...(method === undefined ? {} : { method: listOf(method).map(knownMethod) }),
    ...(model === undefined ? {} : { model: findModels(model, models).map(({ id }) => id) }),
    ...(label === undefined ? {} : { label: listOf(label).map(wholeNumberOf) }),
  }
}

function parseFilter(text: string): MapFilter {
  const parsed = MapFilter.strict().safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  const { where, expected } = firstIssue(parsed.error)
  throw badFilter(
    `--filter ${text}`,
    where === '' ? `a filter as JSON: ${expected}` : `${where}: ${expected}`,
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function listOf(text: string): string[] {
  return text.split(',').map((part) => part.trim())
}

function knownMethod(id: string): string {
  parseMethod(id)
  return id
}

function wholeNumberOf(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw badFilter(`--label ${text}`, 'labels as whole numbers with commas between')
}

function badFilter(found: string, expected: string): HeatproofError {
  return new HeatproofError('bad_argument', {
    found,
    expected,
    advice: 'Correct the option; `heatproof export --help` has an example.',
  })
}
