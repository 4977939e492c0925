import { parseMethod } from '../../shared/methods.ts'

/** The methods of a list with commas between, each once. @throws HeatproofError `unknown_method` */
export function methodIds(list: string): string[] {
  const ids = list.split(',').map((id) => id.trim())
  for (const id of ids) parseMethod(id)
  return [...new Set(ids)]
}
