import { canonicalComputedMethod, METHOD_FORMS, OFFERED_METHODS } from '../../shared/methods.ts'

/** Help of every `--methods`. */
export const METHODS_HELP =
  `methods, with commas between: ${OFFERED_METHODS.join(', ')}; ` +
  `with options of their own: ${METHOD_FORMS.join(', ')}`

/** The methods of a list with commas between by their canonical ids, each once. @throws HeatproofError `unknown_method` */
export function methodIds(list: string): string[] {
  const ids = list.split(',').map((id) => canonicalComputedMethod(id.trim()))
  return [...new Set(ids)]
}
