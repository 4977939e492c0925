import type { Database } from 'better-sqlite3'
import type { InputSize, Target } from '../../shared/contract/runs.ts'
import { HeatproofError } from '../../shared/errors.ts'
import { modelOf } from './stored-model.ts'

/** What a model reads, and how many classes it knows. */
export interface ModelInput extends InputSize {
  readonly name: string
  readonly classes: number
}

/** A model never changes, and reading one takes as long as its weights are large. */
const known = new WeakMap<Database, Map<number, ModelInput>>()

/** What a model of the workspace reads. @throws HeatproofError what `modelOf` of `stored-model.ts` throws */
export function modelInput(database: Database, id: number): ModelInput {
  const inputs = known.get(database) ?? new Map<number, ModelInput>()
  known.set(database, inputs)
  const present = inputs.get(id)
  if (present !== undefined) return present
  const { name, rows, columns, channels = 1, classes } = modelOf(database, id)
  const input = { name, rows, columns, channels, classes }
  inputs.set(id, input)
  return input
}

/** Sees to it that every model has an output for the class to be explained. @throws HeatproofError `bad_argument`, `not_found` */
export function requireTarget(database: Database, target: Target, modelIds: readonly number[]): void {
  if (typeof target !== 'number') return
  const lacking = modelIds.map((id) => modelInput(database, id)).find(({ classes }) => target >= classes)
  if (lacking === undefined) return
  throw new HeatproofError('bad_argument', {
    found: `the target ${target} for the model ${lacking.name}`,
    expected: `a class from 0 to ${lacking.classes - 1}, label or predicted`,
    advice: 'Choose a class that all chosen models have an output for.',
  })
}
