import { z } from 'zod'
import { MapFilter } from '../../shared/contract/common.ts'
import type { ModelSummary } from '../../shared/contract/runs.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { parseMethod } from '../../shared/methods.ts'

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
    ...(model === undefined ? {} : { model: listOf(model).flatMap((name) => modelIds(name, models)) }),
    ...(label === undefined ? {} : { label: listOf(label).map(wholeNumberOf) }),
  }
}

function parseFilter(text: string): MapFilter {
  const parsed = MapFilter.strict().safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  throw badFilter(`--filter ${text} (${z.prettifyError(parsed.error)})`, 'a filter as JSON')
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

/** All models of a name, or the one with an id. */
function modelIds(name: string, models: readonly ModelSummary[]): number[] {
  const found = models.filter((model) => model.name === name || String(model.id) === name)
  if (found.length > 0) return found.map(({ id }) => id)
  throw new HeatproofError('not_found', {
    found: `no model '${name}'`,
    expected: `a name or id of a model of the workspace: ${models.map((model) => model.name).join(', ')}`,
    advice: 'Correct --model.',
  })
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
