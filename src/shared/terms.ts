import { HeatproofError } from './errors.ts'
import { parseMethod } from './methods.ts'
import { ARCHITECTURE_TERMS } from './terms/architectures.ts'
import { CALIBRATION_TERMS } from './terms/calibration.ts'
import { CONCEPT_TERMS } from './terms/concepts.ts'
import { FAILURE_MODE_TERMS } from './terms/failure-modes.ts'
import { METHOD_TERMS } from './terms/methods.ts'
import { METRIC_TERMS } from './terms/metrics.ts'
import { OPTION_TERMS } from './terms/options.ts'
import { QUEUE_TERMS } from './terms/queues.ts'
import { STATISTIC_TERMS } from './terms/statistics.ts'
import type { Term } from './terms/term.ts'

/** Every term that the app explains. An earlier one is found first where a failure mode and a state share a name. */
export const TERMS: readonly Term[] = [
  ...METRIC_TERMS,
  ...METHOD_TERMS,
  ...FAILURE_MODE_TERMS,
  ...ARCHITECTURE_TERMS,
  ...CALIBRATION_TERMS,
  ...OPTION_TERMS,
  ...QUEUE_TERMS,
  ...CONCEPT_TERMS,
  ...STATISTIC_TERMS,
]

/** `R-LSTM`, `lrp_a2b1` and `Capped percentage` are looked up as `rlstm`, `lrpa2b1` and `cappedpercentage`. */
function key(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, '')
}

/** The term of a method's id whose options are not the default ones, e.g. `random:7`, `ig:8`, `lrp_a3b2:plain`. */
function methodFamily(id: string): string | null {
  try {
    const { family } = parseMethod(id)
    return family === 'lrp_alpha_beta' ? id.replace(/:.*$/, '') : family
  } catch {
    return null
  }
}

/** The term with this name or title, or null. */
export function findTerm(name: string): Term | null {
  const wanted = key(name)
  const exact = TERMS.find((term) => term.name === name) ?? TERMS.find((term) => key(term.name) === wanted)
  const found = exact ?? TERMS.find((term) => key(term.title) === wanted)
  if (found !== undefined) return found
  const family = methodFamily(name)
  if (family === null) return null
  return (
    TERMS.find((term) => term.name === family) ?? TERMS.find((term) => term.name === 'lrp_alpha_beta') ?? null
  )
}

/** Title of a term for labels and axes; the name itself where there is none. */
export function termTitle(name: string): string {
  return findTerm(name)?.title ?? name
}

/** Edits (insert, delete, replace) between two words. */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (const [i, letter] of Array.from(left).entries()) {
    const next = [i + 1]
    for (const [j, other] of Array.from(right).entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row[right.length] ?? 0
}

/** Names of the terms that look most like `name`, nearest first. */
export function suggestTerms(name: string, limit = 5): string[] {
  const wanted = key(name)
  const rated = TERMS.map((term) => {
    const words = [key(term.name), key(term.title)]
    const holds = wanted.length > 2 && words.some((word) => word.includes(wanted))
    const apart = Math.min(
      ...words.map((word) => distance(wanted, word) / Math.max(wanted.length, word.length, 1)),
    )
    return { name: term.name, apart: holds ? Math.min(apart, 0.1) : apart }
  })
  const near = rated.filter(({ apart }) => apart <= 0.5).sort((left, right) => left.apart - right.apart)
  return [...new Set(near.map((term) => term.name))].slice(0, limit)
}

/** The term with this name. @throws HeatproofError `unknown_term`, with the nearest names as advice */
export function explainTerm(name: string): Term {
  const term = findTerm(name)
  if (term !== null) return term
  const near = suggestTerms(name)
  throw new HeatproofError('unknown_term', {
    found: `the term '${name}'`,
    expected: 'a metric, method, failure mode, architecture, calibration figure or option',
    advice:
      near.length > 0
        ? `Did you mean ${near.join(', ')}?`
        : 'Run `heatproof explain-term --list` to see all of them.',
  })
}
