import { architectureKeyLabel, parseArchitectureKey } from '../../shared/names.ts'
import type { Cell } from './figure-maps.ts'

/** What a figure is about and the workspace has no maps of, as a note with what makes them. */
export function missingNote(
  cells: readonly Cell[],
  architectures: readonly string[],
  methods: readonly string[] = [],
): string[] {
  const has = (architecture: string, method?: string) =>
    cells.some(
      (cell) =>
        parseArchitectureKey(cell.architecture)?.architecture === architecture &&
        (method === undefined || cell.method === method),
    )
  const missing = architectures.flatMap((architecture) => {
    const label = architectureKeyLabel(architecture)
    if (!has(architecture)) return [label]
    const without = methods.filter((method) => !has(architecture, method))
    return without.length === 0 ? [] : [`${label} by ${without.join(', ')}`]
  })
  if (missing.length === 0) return []
  return [`There are no maps of ${missing.join('; ')}: a run makes them.`]
}
